// Expected outcomes by torch release: golden/<case>/expected.tsv and the outcome texts beside it. A
// row holds from its `since` on until a later row of the same cell replaces it.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/torch_version.h"
#include "golden/seeds.h"
#include "matrix/cell.h"
#include "outcome/outcome.h"
#include "record/case_files.h"
#include "record/observation.h"

namespace exportgate::golden {

inline constexpr int format_version = 3;

struct Row {
    std::string cell;  // its name in its folder: "kind/mode/dims/pair", "[arch=llama]/kind/..."
    TorchVersion since;
    std::string
        when;  // "" or a condition on the environment: "python>=3.12", "optree==0.17.0"; comma: and
    outcome::Outcome outcome;
    std::string file;  // name of the text file beside expected.tsv that holds outcome.text
    std::string why;
    std::string decomposed =
        {};  // of the one that holds outcome.decomposed; "" where there is none
};

/// The goldens of the cases of one folder: of one case, or of one for each combination of the
/// values of its parameters.
struct Golden {
    std::filesystem::path directory;     // golden/<case>
    std::string case_name;               // of the folder: without parameters
    std::vector<TorchVersion> recorded;  // releases at which every cell was as expected, ascending
    std::vector<Row> rows;               // sorted by cell (matrix order where known), then since
    Seeds seeds = {};                    // of the case, when outcomes were accepted
};

/// The releases that rows are of and that are not recorded: some cells were accepted, not all of
/// them. Ascending.
std::vector<TorchVersion> recorded_in_part(const Golden& golden);

/// The names of the text files that the rows use.
std::set<std::string> files_of(const Golden& golden);

/// A missing folder is a Golden without rows. Errors, all of them at once: not UTF-8, CRLF, another
/// format (with the command that rewrites it), an unreadable row (its line), a text file that is
/// missing, empty or edited by hand (its name carries the digest of its content), rows twice.
Results<Golden> load(const std::filesystem::path& golden_directory, const std::string& case_name);

struct Expectation {
    const Row* row = nullptr;    // null: nothing is expected
    std::string inherited_from;  // the recorded release whose expectation it is, where the
                                 // environment's own was never recorded
    std::string explanation;     // "since 2.6.0 (inherited from 2.13.0, the last recorded release):
                                 // <why>", or why there is none
};

/// The row with the highest `since` <= the environment's torch whose `when` holds; at one `since`,
/// a row with a `when` before the one without. A cell knows the recorded releases and those that it
/// has a row of; so a release recorded in part is known to the cells that were accepted only. None
/// for a release earlier than all that the cell knows, and for an unknown one between two known
/// ones whose rows differ. One later than all known ones inherits from the last, and `explanation`
/// says so.
Expectation expected(const Golden& golden, const matrix::Cell& cell,
                     const record::Environment& environment);

/// An outcome waiting for a person: what `run` saw and the goldens do not expect.
struct Pending {
    std::string cell;  // "kind/mode/dims/pair"
    outcome::Outcome outcome;
};

/// Replaces the pending files of the case (golden/<case>/.pending/) for the cells in
/// `observed_cells`: those in `pending` are written, the others removed, cells not observed keep
/// theirs if they come from the same environment and of the same files. Beside them stands which
/// cells were as expected (`as_expected`, of the observed ones): so `accept` knows whether the
/// whole case was seen. `files`: what the cells were made of when they were observed.
Result<void> write_pending(const Golden& golden, const record::Environment& environment,
                           std::span<const std::string> observed_cells,
                           std::span<const std::string> as_expected,
                           std::span<const Pending> pending, const record::CaseFiles& files = {});

/// A cell that was seen as the goldens expect it. The files and `checks` say what was seen: the
/// goldens may change before the pending cells of the same run are accepted.
struct Settled {
    std::string cell;  // "kind/mode/dims/pair"
    std::string file;
    std::string decomposed;
    std::vector<outcome::CheckResult> checks;
};
/// Whether `golden` still expects of the cell what was seen.
bool is_expected(const Golden& golden, const record::Environment& environment,
                 const Settled& settled);

struct PendingFile {
    record::Environment environment;
    record::CaseFiles files;  // as they were when the cells were observed
    std::vector<Pending> pending;
    std::vector<Settled> settled;
};
/// nullopt: nothing is pending for this case.
Results<std::optional<PendingFile>> load_pending(const Golden& golden);

/// What became of a row, for people.
struct RowNote {
    std::string cell;  // "kind/mode/dims/pair"
    std::string what;  // "since 2.13.0: exported"
};

struct Accepted {
    Golden golden;                 // as it is now on disk
    std::vector<RowNote> changed;  // rows that were added, replaced or removed
    std::vector<RowNote>
        restored;  // rows written so that other recorded releases expect what they did before
    std::vector<std::string> notices;  // what could not be tidied up after the goldens were written
};

/// What is accepted at a time: `part` leaves cells of the case that were not seen in this
/// environment, or are not as expected; `all`: with the accepted ones, every cell that the case
/// declares for this torch is as expected.
enum class Covers { part, all };

/// Promotes `accepted` into the goldens of `environment.torch` with the reason `why`: new text
/// files first, then expected.tsv in one rename, then unused text files and the promoted cells'
/// pending files are removed. All or nothing: on an error the old files are intact and nothing new
/// is left. What another recorded release expects never changes: it gets rows of its own where it
/// inherited what is replaced. An outcome that is expected already gets no row.
///
/// The release becomes recorded with `covers` all, for which `accepted` may be empty, and then
/// loses its rows that say what the release before says. With `part` such a row stays where the
/// cell would have no expectation without it. Rows of later releases stay, also those that say
/// nothing new now: somebody gave their reasons.
///
/// `seed`: of the case; kept, since an outcome of another one may say other things.
///
/// An outcome that only adds to the one of its row (checks, facts, the decomposed program that were
/// not observed then) keeps the row's reason, with `why` after it.
///
/// `when` limits the new rows; where it is empty, a row takes the `when` of the one it replaces.
/// Refused: an empty `why` where a row is to be written; a `when` that does not hold in
/// `environment`; an outcome without a check that is expected, or with an earlier revision of it;
/// goldens that changed on disk since `golden` was loaded.
Result<Accepted> accept(const Golden& golden, const record::Environment& environment,
                        std::span<const Pending> accepted, Covers covers, const std::string& why,
                        const std::string& when = {}, std::int64_t seed = 0);

/// Rows of cells that are not declared, files that no row uses, and folders of cases that are not
/// declared. Folders of declared cases that are not in `goldens` (they could not be loaded) are
/// left alone.
Errors orphans(const std::filesystem::path& golden_directory, std::span<const Golden> goldens,
               std::span<const matrix::Cell> declared);

}  // namespace exportgate::golden
