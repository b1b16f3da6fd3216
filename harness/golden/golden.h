// Expected outcomes by torch release: golden/<case>/expected.tsv and the outcome texts beside it. A row holds from its `since` on
// until a later row of the same cell replaces it.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/torch_version.h"
#include "matrix/cell.h"
#include "outcome/outcome.h"
#include "record/observation.h"

namespace exportgate::golden {

inline constexpr int format_version = 1;

struct Row {
    std::string cell;  // "kind/mode/dims/pair"
    TorchVersion since;
    std::string when;  // "" or a condition on the environment: "python>=3.12", "optree==0.17.0"; comma: and
    outcome::Outcome outcome;
    std::string file;  // name of the text file beside expected.tsv that holds outcome.text
    std::string why;
};

/// The goldens of one case.
struct Golden {
    std::filesystem::path directory;     // golden/<case>
    std::string case_name;
    std::vector<TorchVersion> recorded;  // releases whose outcomes were accepted, ascending
    std::vector<Row> rows;               // sorted by cell (matrix order where known), then since
};

/// A missing folder is a Golden without rows. Errors, all of them at once: not UTF-8, CRLF, another format (with the command that
/// rewrites it), an unreadable row (its line), a text file that is missing, empty or edited by hand (its name carries the digest of
/// its content), rows twice.
Results<Golden> load(const std::filesystem::path& golden_directory, const std::string& case_name);

struct Expectation {
    const Row* row = nullptr;  // null: nothing is expected
    std::string explanation;   // "inherited from 2.13.0", or why there is no expectation
};

/// The row with the highest `since` <= the environment's torch whose `when` holds. A release that was never recorded, between two
/// recorded ones whose rows differ, has no expectation.
Expectation expected(const Golden& golden, const matrix::Cell& cell, const record::Environment& environment);

/// An outcome waiting for a person: what `run` saw and the goldens do not expect.
struct Pending {
    std::string cell;  // "kind/mode/dims/pair"
    outcome::Outcome outcome;
};

/// Replaces the pending files of the case (golden/<case>/.pending/) for the cells in `observed_cells`: those in `pending` are written,
/// the others removed, cells not observed keep theirs if they come from the same environment.
Result<void> write_pending(const Golden& golden, const record::Environment& environment,
                           std::span<const std::string> observed_cells, std::span<const Pending> pending);

struct PendingFile {
    record::Environment environment;
    std::vector<Pending> pending;
};
/// nullopt: nothing is pending for this case.
Results<std::optional<PendingFile>> load_pending(const Golden& golden);

struct Accepted {
    Golden golden;                      // as it is now on disk
    std::vector<std::string> changed;   // one line per row that was added, replaced or removed
    std::vector<std::string> restored;  // rows written so that other recorded releases expect what they did before
};

/// Promotes `accepted` into the goldens of `environment.torch` with the reason `why`, writes the restoring rows, removes text files that no
/// row uses, and removes the promoted cells from the pending files. All or nothing: on an error the old files are intact.
/// Refused: an empty `why`; an outcome rejected in stage "import" (the case is broken, not torch).
Result<Accepted> accept(const Golden& golden, const record::Environment& environment,
                        std::span<const Pending> accepted, const std::string& why);

/// Rows of cells that no declared cell uses, text files that no row uses, and folders of cases that are not declared.
Errors orphans(const std::filesystem::path& golden_directory, std::span<const Golden> goldens,
               std::span<const matrix::Cell> declared);

}  // namespace exportgate::golden
