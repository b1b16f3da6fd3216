#include "outcome/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

#include "base/text.h"
#include "graph/graph.h"
#include "outcome/checks.h"
#include "outcome/dims_check.h"
#include "outcome/exported_text.h"
#include "outcome/facts_text.h"
#include "outcome/further_programs.h"
#include "outcome/guards.h"
#include "outcome/message.h"
#include "outcome/parts.h"
#include "record/facts.h"
#include "record/observed_schemas.h"

namespace exportgate::outcome {
namespace {

std::string signal_name(int signal) {
    const char* abbreviation = sigabbrev_np(signal);
    return abbreviation == nullptr ? fmt::format("signal {}", signal)
                                   : fmt::format("SIG{}", abbreviation);
}

std::set<std::string> dim_names(const matrix::Case& asked) {
    std::set<std::string> names;
    for (const matrix::Dim& dim : asked.dims)
        names.insert(dim.name);
    return names;
}

/// A guard that refuses what was declared, and that no dim of the program shows.
void add_excluding_guards(const std::vector<std::string>& code, const graph::Canonical& program,
                          const matrix::Case& asked, CheckResult& dims) {
    for (const auto& guard : guards_of(code, program, asked)) {
        if (guard.excludes.empty()) continue;
        dims.status = CheckStatus::fail;
        dims.reasons.push_back(fmt::format("the guard \"{}\" refuses declared extents: {}",
                                           guard.text, guard.excludes));
    }
    std::sort(dims.reasons.begin(), dims.reasons.end());
}

struct Canonicaliser {
    const record::Observation& observation;
    const matrix::Case& asked;
    const matrix::Cell& cell;
    const record::Revisions& carried_out;

    Error error(std::string what, std::string remedy = "") const {
        return Error{observation.cell, 0, std::move(what), std::move(remedy)};
    }

    Result<Outcome> operator()(const record::Unobserved& unobserved) const {
        return tl::unexpected(error("was not observed: " + unobserved.reason));
    }

    Result<Outcome> operator()(const record::Exported& exported) const {
        const auto pair =
            std::find_if(asked.pairs.begin(), asked.pairs.end(),
                         [&](const matrix::Pair& one) { return one.name == cell.pair; });
        if (pair == asked.pairs.end())
            return tl::unexpected(error("its case declares no such pair"));
        const auto requested = requested_dims(asked, cell.dims);
        const auto schemas = record::observed_schemas(exported);
        auto program = graph::canonicalise(exported.print, observation.cell, requested, schemas);
        if (!program) return tl::unexpected(program.error());
        std::optional<record::Facts> facts;
        if (!exported.facts.empty()) {
            auto read = record::parse_facts(exported.facts, observation.cell);
            if (!read) return tl::unexpected(read.error());
            facts = *std::move(read);
        }
        auto dims = dims_check(*program, asked, cell.dims, *pair);
        if (facts && facts->guards && cell.dims != matrix::DimsStyle::fixed)
            add_excluding_guards(*facts->guards, *program, asked, dims);
        auto checks = all_checks(std::move(dims), exported.checks, asked_for(carried_out, asked),
                                 dim_names(asked));
        if (!checks) return tl::unexpected(error(checks.error().what, checks.error().remedy));
        std::string decomposed =
            check_further_programs(exported, *program, requested, asked, *checks);
        std::string text = program->text + specs_and_constants(exported, *program);
        Outcome outcome{Status::exported, std::move(text), *std::move(checks),
                        std::move(decomposed)};
        if (!facts) return outcome;
        auto words = facts_text(*facts, *program, asked, observation.cell);
        if (!words) return tl::unexpected(words.error());
        outcome.facts = *std::move(words);
        return outcome;
    }

    Result<Outcome> operator()(const record::Rejected& rejected) const {
        return Outcome{Status::rejected,
                       text_of(Refusal{rejected.stage, rejected.exception,
                                       canonical_message(rejected.message, dim_names(asked))}),
                       {}};
    }

    Result<Outcome> operator()(const record::Crashed& crashed) const {
        return Outcome{
            Status::crashed,
            text_of(Crash{crashed.stage, crashed.signal != 0
                                             ? signal_name(crashed.signal)
                                             : fmt::format("exit code {}", crashed.exit_code)}),
            {}};
    }

    Result<Outcome> operator()(const record::TimedOut& timeout) const {
        return Outcome{Status::timeout, text_of(Timeout{timeout.stage}), {}};
    }
};

/// What a headline says behind the status.
struct Headline {
    const Outcome& outcome;

    std::string operator()(const Program&) const {
        std::vector<std::string> failing;
        for (const CheckResult& check : outcome.checks) {
            if (check.status == CheckStatus::fail) failing.push_back(check.name);
        }
        if (failing.empty()) return "";
        if (failing.size() == 1) return fmt::format(", {} fails", failing.front());
        const std::string last = failing.back();
        failing.pop_back();
        return fmt::format(", {} and {} fail", join(failing, ", "), last);
    }
    std::string operator()(const Refusal& refusal) const {
        return fmt::format(" in {}: {}", refusal.stage, refusal.exception);
    }
    std::string operator()(const Crash& crash) const {
        return fmt::format(" in {}: {}", crash.stage, crash.how);
    }
    std::string operator()(const Timeout& timeout) const {
        return " in " + timeout.stage;
    }
};

}  // namespace

const std::string& to_string(Status status) {
    static const std::vector<std::string> names{"exported", "rejected", "crashed", "timeout"};
    return names.at(static_cast<std::size_t>(status));
}

const std::string& to_string(CheckStatus status) {
    static const std::vector<std::string> names{"pass", "fail", "n/a"};
    return names.at(static_cast<std::size_t>(status));
}

const std::vector<std::string>& check_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const record::Check& check : record::check_table)
            all.emplace_back(check.name);
        return all;
    }();
    return names;
}

bool makes_silently_wrong(std::string_view check) {
    const record::Check* known = record::find_check(check);
    return known != nullptr && known->silently_wrong;
}

bool is_about_the_program(std::string_view check) {
    const record::Check* known = record::find_check(check);
    return known != nullptr && known->about_program;
}

Result<Outcome> canonical(const record::Observation& observation, const matrix::Case& asked,
                          const matrix::Cell& cell, const record::Revisions& checks) {
    return std::visit(Canonicaliser{observation, asked, cell, checks}, observation.result);
}

std::string headline(const Outcome& outcome) {
    return to_string(outcome.status) + std::visit(Headline{outcome}, parts_of(outcome));
}

}  // namespace exportgate::outcome
