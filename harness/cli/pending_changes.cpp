#include "pending_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/printable.h"
#include "base/text.h"
#include "golden/change.h"
#include "mistakes_in_accepting.h"
#include "report/cell_sets.h"
#include "report/wording.h"

namespace exportgate::cli {

namespace {

/// What one case has pending, as far as it was selected. Everything that it declares is covered
/// where what is not pending was seen as the goldens still expect it.
std::optional<Proposal> proposal_of(const golden::Golden& golden, golden::PendingFile file,
                                    const Workspace& workspace,
                                    const std::set<std::string>& selected) {
    std::set<std::string> settled;
    for (const golden::Settled& each : file.settled) {
        if (golden::is_expected(golden, file.environment, each)) settled.insert(each.cell);
    }
    Proposal proposal{golden, file.environment, {}, golden::Covers::part, 0};
    proposal.files = std::move(file.files);
    for (golden::Pending& each : file.pending) {
        if (!selected.contains(matrix::cell_name(golden.case_name, each.cell))) {
            ++proposal.others;
            continue;
        }
        settled.insert(each.cell);
        proposal.cells.push_back(std::move(each));
    }
    if (proposal.cells.empty()) return std::nullopt;
    const std::vector<matrix::Cell> declared =
        declared_at(workspace, golden.case_name, file.environment.torch);
    if (std::all_of(declared.begin(), declared.end(), [&](const matrix::Cell& cell) {
            return settled.contains(cell.name_in_folder());
        }))
        proposal.covers = golden::Covers::all;
    return proposal;
}

}  // namespace

Results<std::vector<Proposal>> pending_proposals(std::span<const golden::Golden> goldens,
                                                 const Workspace& workspace,
                                                 std::span<const matrix::Cell> selected) {
    std::set<std::string> names;
    for (const matrix::Cell& cell : selected)
        names.insert(cell.name());
    std::vector<Proposal> all;
    Errors errors;
    for (const golden::Golden& golden : goldens) {
        Results<std::optional<golden::PendingFile>> pending = golden::load_pending(golden);
        if (!pending) {
            errors.insert(errors.end(), pending.error().begin(), pending.error().end());
            continue;
        }
        if (!*pending) continue;
        if (auto proposal = proposal_of(golden, std::move(**pending), workspace, names))
            all.push_back(std::move(*proposal));
    }
    if (errors.empty() && all.empty()) {
        errors.push_back({"", 0, "nothing is pending for these cells",
                          "`exportgate run` leaves what differs from the goldens pending; --record "
                          "takes outcomes from a record"});
    }
    if (!errors.empty()) return tl::unexpected(errors);
    return all;
}

std::vector<ChangeGroup> change_groups(std::span<const Proposal> proposals) {
    std::vector<ChangeGroup> groups;
    for (const Proposal& each : proposals) {
        for (const golden::Pending& pending : each.cells) {
            std::string change = golden::change_text(each.golden, each.environment, pending);
            auto group = std::find_if(groups.begin(), groups.end(),
                                      [&](const ChangeGroup& one) { return one.change == change; });
            if (group == groups.end()) {
                std::string name = golden::change_name(change);
                group = groups.insert(group, {std::move(name), std::move(change), {}});
            }
            group->cells.push_back(
                *matrix::parse_cell(matrix::cell_name(each.golden.case_name, pending.cell)));
        }
    }
    return groups;
}

std::string listing(std::span<const ChangeGroup> groups, const Workspace& workspace) {
    std::string text;
    for (const ChangeGroup& group : groups) {
        text += fmt::format("{}  {}\n", group.name, report::counted(group.cells.size(), "cell"));
        for (const std::string& set : report::describe_across_cases(group.cells, workspace.cells))
            text += fmt::format("  {}\n", set);
        for (const std::string_view line : split(group.change, '\n'))
            text += line.empty() ? "\n" : fmt::format("    {}\n", printable(line));
        text += fmt::format("  if it is right: exportgate accept --group {} --why \"...\"\n\n",
                            group.name);
    }
    return text;
}

Result<void> keep_group(const std::string& name, std::vector<Proposal>& proposals) {
    bool any = false;
    for (Proposal& each : proposals) {
        const std::size_t left_out = std::erase_if(each.cells, [&](const golden::Pending& pending) {
            return golden::change_name(
                       golden::change_text(each.golden, each.environment, pending)) != name;
        });
        any = any || !each.cells.empty();
        each.others += left_out;
        if (left_out > 0) each.covers = golden::Covers::part;
    }
    std::erase_if(proposals, [](const Proposal& each) { return each.cells.empty(); });
    if (any) return {};
    return tl::unexpected(Error{"", 0, "no change is called " + name,
                                "`exportgate accept --review` shows the changes by name; a name is "
                                "another one once its change is"});
}

Errors obstacles_to_accepting(std::span<const Proposal> proposals, const Workspace& workspace) {
    Errors errors = cases_edited_since(proposals, workspace);
    const Errors of_cases = case_errors(proposals, workspace);
    errors.insert(errors.end(), of_cases.begin(), of_cases.end());
    return errors;
}

}  // namespace exportgate::cli
