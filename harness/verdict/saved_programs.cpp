#include "verdict/saved_programs.h"

#include <algorithm>
#include <optional>
#include <set>

#include "graph/graph.h"
#include "outcome/dims_check.h"
#include "outcome/message.h"
#include "record/observed_schemas.h"

namespace exportgate::verdict {
namespace {

using Reasons = std::vector<std::string>;

Reasons canonical_reasons(const record::Earlier& earlier, const matrix::Case& asked) {
    std::set<std::string> kept;
    for (const auto& dim : asked.dims)
        kept.insert(dim.name);
    Reasons reasons;
    for (const auto& reason : earlier.reasons)
        reasons.push_back(outcome::canonical_reason(reason, kept));
    if (reasons.empty()) reasons.emplace_back("no reason given");
    return reasons;
}

/// Null where the cell did not export, or the check was not carried out.
const outcome::CheckResult* run_of(const std::optional<outcome::Outcome>& outcome) {
    if (!outcome) return nullptr;
    for (const auto& check : outcome->checks) {
        if (check.name == "run") return &check;
    }
    return nullptr;
}

/// Whether A's program fails in B as it does in A: for reasons that its own check `run` has there.
struct Known {
    const outcome::CheckResult* in_a;
    bool other_revision;  // B's worker looks at programs otherwise than A's

    bool fails() const {
        return in_a != nullptr && in_a->status == outcome::CheckStatus::fail;
    }
    bool has(const std::string& reason) const {
        if (!fails()) return false;
        const auto& reasons = in_a->reasons;
        return other_revision || std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
    }
};

/// What keeps a program from being loaded is no matter of the check `run`, in whatever revision.
Known known_in(const Judgement& judgement, bool is_loaded) {
    const auto* in_a = run_of(judgement.expected);
    const auto* in_b = run_of(judgement.observed);
    return {in_a, is_loaded && in_a && in_b && in_a->revision != in_b->revision};
}

/// The structure of the program as A itself loads it: what saving loses is A's, not B's.
std::optional<std::string> structure_in_a(const record::Observation& before,
                                          const std::vector<graph::RequestedDim>& dims) {
    const auto* exported = std::get_if<record::Exported>(&before.result);
    if (exported == nullptr) return std::nullopt;
    for (const auto* print : {&exported->loaded, &exported->print}) {
        if (print->empty()) continue;
        const auto schemas = record::observed_schemas(*exported);
        if (auto program = graph::canonicalise(*print, before.cell, dims, schemas))
            return std::move(program->text);
    }
    return std::nullopt;
}

/// Whether "2.8.0+cpu" is a build of 2.8.0.
bool is_of_release(const std::string& build, const std::string& release) {
    return build.substr(0, build.find('+')) == release;
}

}  // namespace

void compare_saved_program(const record::Observation& before, const record::Observation& after,
                           const record::Environment& saved_by, const matrix::Case& asked,
                           const Judgement& judgement, Comparison& comparison,
                           SavedPrograms& programs) {
    const auto cell = judgement.cell.name();
    const bool tried = after.earlier && after.earlier->torch_build == saved_by.torch_build &&
                       after.earlier->status != record::CheckStatus::not_applicable;
    if (after.earlier && after.earlier->torch_build != saved_by.torch_build &&
        is_of_release(after.earlier->torch_build, saved_by.torch))
        ++programs.of_other_builds[after.earlier->torch_build];
    if (!tried) {
        if (std::holds_alternative<record::Exported>(before.result))
            programs.not_tried.push_back(cell);
        return;
    }
    const auto& earlier = *after.earlier;
    const auto add = [&](Direction direction, const std::string& reason) {
        comparison.differences.push_back({direction, OfSavedProgram{saved_by.torch, reason}});
    };
    const bool passes = earlier.status == record::CheckStatus::pass;
    bool is_known = !passes;
    ++programs.tried;
    if (!passes) {
        const auto known = known_in(judgement, !earlier.print.empty());
        const auto reasons = canonical_reasons(earlier, asked);
        for (const auto& reason : reasons) {
            if (known.has(reason)) continue;
            is_known = false;
            add(known.other_revision ? Direction::neither : Direction::worse, reason);
        }
        if (earlier.print.empty()) {
            programs.not_loaded[cell] = reasons;
            return;
        }
    }
    const auto dims = outcome::requested_dims(asked, judgement.cell.dims);
    const auto* exported = std::get_if<record::Exported>(&after.result);
    const auto schemas =
        exported == nullptr ? graph::ObservedSchemas() : record::observed_schemas(*exported);
    const auto program = earlier.print.empty()
                             ? tl::unexpected(Error{cell, 0, "it was not printed", ""})
                             : graph::canonicalise(earlier.print, cell, dims, schemas);
    if (!program) {
        const auto& error = program.error();
        const auto reason = "cannot be read: " + error.what;
        add(Direction::worse, reason);
        programs.not_loaded[cell] = {reason};
        return;
    }
    ++programs.loaded;
    if (is_known) ++programs.failing_as_before;
    const auto structure = structure_in_a(before, dims);
    if (!structure || *structure == program->text) return;
    add(Direction::neither, "");
}

}  // namespace exportgate::verdict
