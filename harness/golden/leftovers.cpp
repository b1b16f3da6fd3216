#include "golden/leftovers.h"

#include "base/new_file.h"
#include "golden/outcome_file.h"

namespace exportgate::golden {

namespace fs = std::filesystem;

void remove_leftovers(const Golden& golden) {
    std::error_code code;
    if (!fs::is_directory(golden.directory, code)) return;
    remove_abandoned(golden.directory);
    // What cannot be removed is an orphan, and `run` says so.
    (void)remove_unused(golden.directory, files_of(golden));
    const fs::path pending = golden.directory / ".pending";
    if (!fs::exists(fs::symlink_status(pending, code))) return;
    remove_abandoned(pending);
    // Its table is written after all other files, and is the first that is removed.
    if (!fs::exists(pending / "pending.tsv", code) && !code) fs::remove_all(pending, code);
}

}  // namespace exportgate::golden
