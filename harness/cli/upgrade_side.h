// The two sides of `exportgate upgrade`: from what a person wrote to a record.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/torch_version.h"
#include "observe_cells.h"
#include "record/record_file.h"
#include "workspace.h"

namespace exportgate::cli {

struct SideOptions {
    std::filesystem::path recordings;
    Observing how;
};

/// What a person meant: an environment, where `environment` is not empty, else the record `file`.
struct UpgradeSide {
    std::string environment;
    std::filesystem::path file;
    std::string release;  // that was asked for, where the file is filed under it
};

/// What `side` means, before anything is run; the first of:
///   - a file, or a name that ends in .jsonl: that record
///   - an environment of that name, or whose torch is that release
///   - a torch release: <recordings>/<release>.jsonl, "2.10" is 2.10.0.jsonl
/// "2.13.0+cu130" is that build of the release only, "2.13.0" any.
/// Errors: nothing of that name, with where it was looked for and what would help; several
/// environments have that torch, none of them the one that `run` takes by default.
Result<UpgradeSide> find_side(const std::string& side, const SideOptions& options);

/// A release as find_side() finds it, except for one that is recorded: its record before an
/// environment.
Result<UpgradeSide> find_recorded_side(const std::string& side, const SideOptions& options);

/// The releases between `oldest` and `newest`, without these two, oldest first, that are recorded
/// or that an environment has.
std::vector<std::string> releases_between(const TorchVersion& oldest, const TorchVersion& newest,
                                          const SideOptions& options);

struct ObservedSide {
    record::Record record;
    std::string origin;     // for a person: "tests/recordings/2.9.1.jsonl", "environment nightly,
                            // kept in .exportgate/nightly.jsonl"
    bool observed = false;  // now, in an environment
};

/// Both sides are environments, and not the same: B's torch can be given the programs of A's.
bool can_hand_programs(const UpgradeSide& before, const UpgradeSide& after);

/// The cells whose programs B has to be given, so that both sides observe them: the records that
/// the environments keep do not tell what becomes in B of A's program, or a side changed since. By
/// name.
std::set<std::string> cells_to_hand(const UpgradeSide& before, const UpgradeSide& after,
                                    const SideOptions& options, const Workspace& workspace,
                                    const std::vector<matrix::Cell>& cells);

/// The record of a side. In an environment, `cells` are observed unless nothing changed since they
/// were observed last. Errors: an environment that cannot be used as it is; a record that cannot be
/// read, or that holds another torch than the release it is filed under.
Results<ObservedSide> observe_side(const UpgradeSide& side, const SideOptions& options,
                                   const Workspace& workspace,
                                   const std::vector<matrix::Cell>& cells);

}  // namespace exportgate::cli
