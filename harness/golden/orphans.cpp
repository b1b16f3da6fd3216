#include <algorithm>
#include <set>

#include "golden/golden.h"

namespace exportgate::golden {
namespace {

namespace fs = std::filesystem;

/// Names in `directory` that do not begin with a dot, sorted; none for a folder that is not there.
std::vector<fs::path> entries_of(const fs::path& directory, Errors& errors) {
    std::vector<fs::path> entries;
    std::error_code code;
    for (fs::directory_iterator entry(directory, code), end; !code && entry != end;
         entry.increment(code)) {
        if (!entry->path().filename().string().starts_with(".")) entries.push_back(entry->path());
    }
    if (code && code != std::errc::no_such_file_or_directory) {
        errors.push_back({directory.string(), 0, "cannot be listed: " + code.message(), ""});
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

void add_orphan_rows(const Golden& golden, const std::set<std::string>& declared_cells,
                     Errors& errors) {
    std::string previous;
    for (const auto& row : golden.rows) {
        if (row.cell == previous ||
            declared_cells.contains(matrix::cell_name(golden.case_name, row.cell)))
            continue;
        previous = row.cell;
        errors.push_back({(golden.directory / "expected.tsv").string(), 0,
                          "cell " + matrix::cell_name(golden.case_name, row.cell) +
                              " is expected, but case.toml does not declare it",
                          "declare it again, or remove its rows"});
    }
}

void add_orphan_files(const Golden& golden, Errors& errors) {
    auto used = files_of(golden);
    if (!golden.rows.empty() || !golden.recorded.empty()) used.insert("expected.tsv");
    for (const auto& path : entries_of(golden.directory, errors)) {
        if (used.contains(path.filename().string())) continue;
        errors.push_back({path.string(), 0, "no row of expected.tsv uses this file",
                          "remove it, or run again the `exportgate accept` that was interrupted"});
    }
}

}  // namespace

Errors orphans(const fs::path& golden_directory, std::span<const Golden> goldens,
               std::span<const matrix::Cell> declared) {
    std::set<std::string> cells;
    std::set<std::string> cases;
    for (const auto& cell : declared) {
        cells.insert(cell.name());
        cases.insert(cell.folder());
    }
    Errors errors;
    for (const auto& golden : goldens) {
        if (!cases.contains(golden.case_name)) continue;
        add_orphan_rows(golden, cells, errors);
        add_orphan_files(golden, errors);
    }
    for (const auto& path : entries_of(golden_directory, errors)) {
        std::error_code code;
        if (!fs::is_directory(path, code) || cases.contains(path.filename().string())) continue;
        errors.push_back({path.string(), 0, "goldens of a case that does not exist",
                          "add the case " + path.filename().string() + ", or remove the folder"});
    }
    return errors;
}

}  // namespace exportgate::golden
