// What the last run left pending, as proposals, and the changes that are in it: what `accept` and
// `review` take.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "accepting.h"

namespace exportgate::cli {

/// Of every case, what is pending and was selected. Error: nothing is, or it cannot be read.
Results<std::vector<Proposal>> pending_proposals(std::span<const golden::Golden> goldens,
                                                 const Workspace& workspace,
                                                 std::span<const matrix::Cell> selected);

/// Cells with one change.
struct ChangeGroup {
    std::string name;    // golden::change_name
    std::string change;  // golden::change_text
    std::vector<matrix::Cell> cells;
};

/// In the order in which their first cells come.
std::vector<ChangeGroup> change_groups(std::span<const Proposal> proposals);

/// Each change with its cells, and the command that accepts it.
std::string listing(std::span<const ChangeGroup> groups, const Workspace& workspace);

/// Leaves the cells of the named change; the others of their cases are not accepted. Error: none
/// has it.
Result<void> keep_group(const std::string& name, std::vector<Proposal>& proposals);

/// What keeps them from being accepted: errors of their cases, and cases that were edited since.
Errors obstacles_to_accepting(std::span<const Proposal> proposals, const Workspace& workspace);

}  // namespace exportgate::cli
