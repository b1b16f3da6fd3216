#include <set>

#include "base/files.h"
#include "base/new_file.h"
#include "golden/expected_file.h"
#include "golden/golden.h"
#include "golden/outcome_file.h"
#include "golden/pending_file.h"
#include "golden/plan.h"

namespace exportgate::golden {
namespace {

namespace fs = std::filesystem;

/// Two people, or two terminals: the later one must not undo what the earlier one accepted.
Result<void> check_unchanged(const Golden& golden) {
    const auto path = golden.directory / "expected.tsv";
    std::error_code code;
    const bool is_there = fs::exists(fs::symlink_status(path, code));
    if (!is_there && golden.rows.empty() && golden.recorded.empty()) return {};
    const auto text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    if (*text == print_expected(golden)) return {};
    return tl::unexpected(
        Error{path.string(), 0, "changed since it was read", "run the same command again"});
}

/// Text files of the rows that the folder may not have yet.
std::map<std::string, OutcomeFile> new_files(const Golden& before, const Plan& plan) {
    const auto old_names = files_of(before);
    std::map<std::string, OutcomeFile> files;
    for (const auto& row : plan.golden.rows) {
        for (auto& [name, text] : texts_of(row.outcome)) {
            if (old_names.contains(name)) continue;
            const auto replaces = plan.replaces.find(name);
            files.try_emplace(name,
                              OutcomeFile{replaces == plan.replaces.end() ? "" : replaces->second,
                                          std::move(text)});
        }
    }
    return files;
}

/// Two texts with one digest would share a file; 40 bits make this a curiosity, and it is not let
/// through.
Result<void> check_names(const Golden& golden) {
    std::map<std::string, std::string> texts;
    for (const auto& row : golden.rows) {
        for (const auto& [name, text] : texts_of(row.outcome)) {
            const auto [entry, is_new] = texts.try_emplace(name, text);
            if (is_new || entry->second == text) continue;
            return tl::unexpected(Error{(golden.directory / name).string(), 0,
                                        "two different outcomes have this file name", ""});
        }
    }
    return {};
}

Result<void> write_expected(const Golden& golden) {
    const auto path = golden.directory / "expected.tsv";
    const auto text = print_expected(golden);
    auto written = write_file(path, text);
    if (written) return written;
    // The rename may have happened all the same (a folder that cannot be synced): then the new rows
    // are in force.
    const auto there = read_file(path);
    if (there && *there == text) return {};
    return written;
}

}  // namespace

Result<Accepted> accept(const Golden& golden, const record::Environment& environment,
                        std::span<const Pending> accepted, Covers covers, const std::string& why,
                        const std::string& when, std::int64_t seed) {
    auto result = check_unchanged(golden);
    if (!result) return tl::unexpected(result.error());
    auto plan = plan_accept(golden, environment, accepted, covers, why, when, seed);
    if (!plan) return tl::unexpected(plan.error());
    if (result = check_names(plan->golden); !result) return tl::unexpected(result.error());

    remove_abandoned(golden.directory);
    std::vector<fs::path> made;
    result = write_outcome_files(golden.directory, new_files(golden, *plan), made);
    if (!result) return tl::unexpected(result.error());
    if (result = write_expected(plan->golden); !result) {
        remove_made(made);
        return tl::unexpected(result.error());
    }

    Accepted done{std::move(plan->golden), std::move(plan->changed), std::move(plan->restored), {}};
    if (result = remove_unused(golden.directory, files_of(done.golden)); !result)
        done.notices.push_back(to_string(result.error()));
    if (result = remove_from_pending(golden, environment, accepted); !result)
        done.notices.push_back(to_string(result.error()));
    return done;
}

}  // namespace exportgate::golden
