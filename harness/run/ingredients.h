// What cells are made of besides their case, as it is now: digests of files, folders and
// environment variables. The same functions say it for a record and for a later run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matrix/case.h"
#include "record/made_of.h"

namespace exportgate::run {

/// As files are stamped; 0 nanoseconds would be 1970.
using FileTime = std::int64_t;
inline constexpr FileTime any_time = std::numeric_limits<FileTime>::max();

/// Now. A file that is written later may be stamped some milliseconds earlier, since file systems
/// stamp by a coarser clock: no cell opens anything that soon after a run begins.
FileTime file_time_now();

/// The later of a file's times, with its size, as text; nullopt where it is not there.
struct Stamp {
    FileTime changed = 0;  // of its content, its name or its mode
    std::string text;      // differs wherever the file was written or replaced
};
std::optional<Stamp> stamp_of(const std::filesystem::path& file);

/// The names in `folder` that Python could import from it, one a line, sorted: modules, extension
/// modules, and folders. Empty where there is no such folder.
std::string importable_names(const std::filesystem::path& folder);

/// Looks at each thing once.
class IngredientsNow {
  public:
    /// `cases`: those of the workspace. `worker`: its executable, or empty.
    IngredientsNow(std::span<const matrix::Case> cases, const std::filesystem::path& worker);

    /// `seen` as a record keeps it: its folder in the words of a record, its digest as of now. One
    /// that changed after `since` is unknown: the cell may have seen what was there before.
    record::Ingredient kept(const record::Ingredient& seen, FileTime since);

    /// Whether what a record keeps is the same now.
    bool is_same(const record::Ingredient& kept);

  private:
    struct Seen {
        std::string digest;
        FileTime changed = 0;
    };
    const Seen& look(record::IngredientKind kind, const std::string& path);
    std::string in_words(const std::string& path) const;
    std::string path_of(const std::string& in_words) const;

    std::vector<std::pair<std::string, std::string>> words_;  // word, folder; the longest first
    std::map<std::pair<record::IngredientKind, std::string>, Seen> seen_;
};

}  // namespace exportgate::run
