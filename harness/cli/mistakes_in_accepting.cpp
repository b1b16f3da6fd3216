#include "mistakes_in_accepting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "outcome/case_error.h"
#include "run/case_files.h"

namespace exportgate::cli {
namespace {

template <class Condition>
const matrix::Case* first_case(const Workspace& workspace, const Condition& is_meant) {
    const auto found = std::find_if(workspace.cases.begin(), workspace.cases.end(), is_meant);
    return found == workspace.cases.end() ? nullptr : &*found;
}

/// Any case of the folder: they have the same files.
const matrix::Case* case_of(const Proposal& proposal, const Workspace& workspace) {
    return first_case(workspace, [&](const matrix::Case& one) {
        return matrix::folder_of(one.name) == proposal.golden.case_name;
    });
}

const matrix::Case* case_of(const matrix::Cell& cell, const Workspace& workspace) {
    return first_case(workspace,
                      [&](const matrix::Case& one) { return one.name == cell.case_name; });
}

}  // namespace

std::optional<Error> refusal_under_ci() {
    if (std::getenv("CI") == nullptr) return std::nullopt;
    return Error{"", 0, "CI is set: nothing is accepted where no person has read the outcomes",
                 "accept on a machine of yours, and commit what it wrote"};
}

Errors case_errors(std::span<const Proposal> proposals, const Workspace& workspace) {
    Errors errors;
    for (const Proposal& each : proposals) {
        for (const golden::Pending& pending : each.cells) {
            const auto cell =
                matrix::parse_cell(matrix::cell_name(each.golden.case_name, pending.cell));
            const matrix::Case* asked = cell ? case_of(*cell, workspace) : nullptr;
            if (asked == nullptr) continue;  // the plan refuses it
            const auto stage = outcome::case_error(pending.outcome, *asked, *cell);
            if (!stage) continue;
            errors.push_back(
                {(asked->directory / "case.py").string(), 0,
                 fmt::format("{} fails before export, so torch was not asked: {}", cell->name(),
                             outcome::describe_case_error(pending.outcome)),
                 outcome::remedy_of_case_error(*stage)});
        }
    }
    return errors;
}

Errors cases_edited_since(std::span<const Proposal> proposals, const Workspace& workspace) {
    Errors errors;
    for (const Proposal& each : proposals) {
        const matrix::Case* asked = case_of(each, workspace);
        if (asked == nullptr || !each.files) continue;
        const Result<std::string> edited = run::what_was_edited(*asked, *each.files);
        if (!edited) {
            errors.push_back(edited.error());
        } else if (!edited->empty()) {
            errors.push_back({asked->directory.string(), 0, *edited,
                              fmt::format("`exportgate run '{}/*'`, read what comes, and accept "
                                          "that",
                                          each.golden.case_name)});
        }
    }
    return errors;
}

std::string note_on_files(std::span<const Proposal> proposals) {
    const bool all_say = std::all_of(proposals.begin(), proposals.end(),
                                     [](const Proposal& each) { return each.files.has_value(); });
    if (all_say) return "";
    return "note: an earlier exportgate made the record; it does not say of which files, so nobody "
           "knows whether a case was edited since\n";
}

}  // namespace exportgate::cli
