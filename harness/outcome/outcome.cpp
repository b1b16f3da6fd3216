#include "outcome/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "base/text.h"
#include "graph/graph.h"
#include "outcome/checks.h"
#include "outcome/dims_check.h"
#include "outcome/exported_text.h"
#include "outcome/further_programs.h"
#include "outcome/message.h"

namespace exportgate::outcome {
namespace {

/// "exportgate rejected 1": what the text is and the version of its spelling.
std::string first_line(Status status) {
    return fmt::format("exportgate {} {}\n", to_string(status), graph::format_version);
}

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
        auto program = graph::canonicalise(exported.print, observation.cell, requested);
        if (!program) return tl::unexpected(program.error());
        auto checks = all_checks(dims_check(*program, asked, cell.dims, *pair), exported.checks,
                                 carried_out, dim_names(asked));
        if (!checks) return tl::unexpected(error(checks.error().what, checks.error().remedy));
        std::string decomposed =
            check_further_programs(exported, *program, requested, asked, *checks);
        std::string text = program->text + specs_and_constants(exported, *program);
        return Outcome{Status::exported, std::move(text), *std::move(checks),
                       std::move(decomposed)};
    }

    Result<Outcome> operator()(const record::Rejected& rejected) const {
        std::string text = first_line(Status::rejected);
        text +=
            fmt::format("stage: {}\nexception: {}\nmessage:\n", rejected.stage, rejected.exception);
        for (const std::string& line : canonical_message(rejected.message, dim_names(asked))) {
            text += line.empty() ? "\n" : "  " + line + "\n";
        }
        return Outcome{Status::rejected, std::move(text), {}};
    }

    Result<Outcome> operator()(const record::Crashed& crashed) const {
        const std::string how = crashed.signal != 0
                                    ? "signal: " + signal_name(crashed.signal)
                                    : fmt::format("exit code: {}", crashed.exit_code);
        return Outcome{
            Status::crashed,
            fmt::format("{}stage: {}\n{}\n", first_line(Status::crashed), crashed.stage, how),
            {}};
    }

    Result<Outcome> operator()(const record::TimedOut& timeout) const {
        return Outcome{Status::timeout,
                       fmt::format("{}stage: {}\n", first_line(Status::timeout), timeout.stage),
                       {}};
    }
};

/// What stands behind `key` in the line of `text` that starts with it; "" where there is none.
std::string_view field(std::string_view text, std::string_view key) {
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with(key)) return line.substr(key.size());
        if (line == "message:") break;
    }
    return "";
}

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
    const std::string& status = to_string(outcome.status);
    switch (outcome.status) {
        case Status::exported: {
            std::vector<std::string> failing;
            for (const CheckResult& check : outcome.checks) {
                if (check.status == CheckStatus::fail) failing.push_back(check.name);
            }
            if (failing.empty()) return status;
            if (failing.size() == 1) return fmt::format("{}, {} fails", status, failing.front());
            const std::string last = failing.back();
            failing.pop_back();
            return fmt::format("{}, {} and {} fail", status, join(failing, ", "), last);
        }
        case Status::rejected:
            return fmt::format("{} in {}: {}", status, field(outcome.text, "stage: "),
                               field(outcome.text, "exception: "));
        case Status::crashed: {
            const std::string_view signal = field(outcome.text, "signal: ");
            return fmt::format("{} in {}: {}", status, field(outcome.text, "stage: "),
                               signal.empty()
                                   ? fmt::format("exit code {}", field(outcome.text, "exit code: "))
                                   : std::string(signal));
        }
        case Status::timeout:
            return fmt::format("{} in {}", status, field(outcome.text, "stage: "));
    }
    return status;
}

}  // namespace exportgate::outcome
