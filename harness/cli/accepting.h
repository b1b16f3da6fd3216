// What `accept` and `upgrade --accept` share: from a record to what can be accepted, accepting it,
// and saying what became of the goldens.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ended.h"
#include "golden/golden.h"
#include "record/case_files.h"
#include "record/record_file.h"
#include "run/posix.h"
#include "workspace.h"

namespace exportgate::cli {

/// What of one case is to be accepted, seen in one environment.
struct Proposal {
    golden::Golden golden;
    record::Environment environment;
    std::vector<golden::Pending> cells;  // may be empty where covers is `all`
    golden::Covers covers = golden::Covers::part;
    std::size_t others = 0;  // cells of the case that are neither accepted now nor as expected
    std::size_t waived = 0;  // of `others`, those that were selected and are waived
    /// What the outcomes were made of; nullopt: of a record that does not say it.
    std::optional<record::CaseFiles> files = {};
};

/// Held from before the goldens are read until they are written: of two that accept at once, the
/// later one would remove the files of the earlier. Waits for the other, which takes a moment. A
/// file system without locks goes without.
run::Descriptor lock_goldens(const std::filesystem::path& golden);

/// The outcomes of `selected` in `record` that differ from the goldens, a proposal per case that
/// has selected cells; without those that are waived, since a waiver says that they are not
/// accepted. Refused, with all reasons: a record that `check` could not judge
/// (incomplete, of another declaration), and selected cells that were not observed or cannot be
/// read.
Results<std::vector<Proposal>> proposals_from(const record::Record& record, const Folders& folders,
                                              const Workspace& workspace,
                                              std::span<const golden::Golden> goldens,
                                              std::span<const matrix::Cell> selected);

/// Accepts and prints, case by case, which cells have rows now. Nothing is written where any of the
/// proposals is refused, holds an error of its case, or is of a case that was edited since, and
/// where CI is set. Where writing fails half-way, it says which cases are done. Returns an exit
/// code.
Ended accept_all(std::span<const Proposal> proposals, const Workspace& workspace,
                 const std::string& why, const std::string& when);

/// The line that names the git command which shows what was accepted: a text's name carries its
/// digest, so only with renames and copies one sees what changed in it. "" where nothing was.
std::string how_to_see(std::span<const Proposal> accepted);

/// Judges every record in the folder under the goldens as they are now, and prints a line for each.
/// Returns an exit code: differences are no failure here, but in a record of a release that was
/// just accepted, where cells were as expected under `before`, the goldens before that: it was made
/// in another environment, or before a case changed, and what it expects was replaced.
Ended recheck(const std::filesystem::path& recordings, const Folders& folders,
              const Workspace& workspace, std::span<const golden::Golden> before,
              std::span<const Proposal> accepted);

}  // namespace exportgate::cli
