#include "verdict/saved_programs.h"

#include <algorithm>
#include <optional>
#include <set>

#include "graph/graph.h"
#include "outcome/dims_check.h"
#include "outcome/message.h"

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

/// Why A's own program does not do in A what it should.
Reasons known_reasons(const std::optional<outcome::Outcome>& before) {
    if (!before) return {};
    for (const auto& check : before->checks) {
        if (check.name == "run" && check.status == outcome::CheckStatus::fail) return check.reasons;
    }
    return {};
}

/// The structure of the program as A itself loads it: what saving loses is A's, not B's.
std::optional<std::string> structure_in_a(const record::Observation& before,
                                          const std::vector<graph::RequestedDim>& dims) {
    const auto* exported = std::get_if<record::Exported>(&before.result);
    if (exported == nullptr) return std::nullopt;
    for (const auto* print : {&exported->loaded, &exported->print}) {
        if (print->empty()) continue;
        if (auto program = graph::canonicalise(*print, before.cell, dims))
            return std::move(program->text);
    }
    return std::nullopt;
}

}  // namespace

void compare_saved_program(const record::Observation& before, const record::Observation& after,
                           const record::Environment& saved_by, const matrix::Case& asked,
                           const Judgement& judgement, Comparison& comparison,
                           SavedPrograms& programs) {
    const auto cell = judgement.cell.name();
    const bool tried = after.earlier && after.earlier->torch_build == saved_by.torch_build &&
                       after.earlier->status != record::CheckStatus::not_applicable;
    if (!tried) {
        if (std::holds_alternative<record::Exported>(before.result))
            programs.not_tried.push_back(cell);
        return;
    }
    const auto& earlier = *after.earlier;
    const std::string whose = "a program saved by torch " + saved_by.torch + ": ";
    const bool passes = earlier.status == record::CheckStatus::pass;
    bool is_known = !passes;
    ++programs.tried;
    if (!passes) {
        const auto known = known_reasons(judgement.expected);
        const auto reasons = canonical_reasons(earlier, asked);
        for (const auto& reason : reasons) {
            if (std::find(known.begin(), known.end(), reason) != known.end()) continue;
            is_known = false;
            comparison.worse.push_back(whose + reason);
        }
        if (earlier.print.empty()) {
            programs.not_loaded[cell] = reasons;
            return;
        }
    }
    const auto dims = outcome::requested_dims(asked, judgement.cell.dims);
    const auto program = earlier.print.empty()
                             ? tl::unexpected(Error{cell, 0, "it was not printed", ""})
                             : graph::canonicalise(earlier.print, cell, dims);
    if (!program) {
        const auto& error = program.error();
        const auto reason = "cannot be read: " + error.what;
        comparison.worse.push_back(whose + reason);
        programs.not_loaded[cell] = {reason};
        return;
    }
    ++programs.loaded;
    if (is_known) ++programs.failing_as_before;
    const auto structure = structure_in_a(before, dims);
    if (structure && *structure != program->text)
        comparison.other.push_back(whose + "has another structure where it is loaded");
}

}  // namespace exportgate::verdict
