#include <map>

#include "base/files.h"
#include "golden/expected_file.h"
#include "golden/golden.h"
#include "golden/outcome_file.h"
#include "outcome/facts_text.h"

namespace exportgate::golden {

std::set<std::string> files_of(const Golden& golden) {
    std::set<std::string> names;
    for (const auto& row : golden.rows) {
        names.insert(row.file);
        if (!row.decomposed.empty()) names.insert(row.decomposed);
    }
    return names;
}

Results<Golden> load(const std::filesystem::path& golden_directory, const std::string& case_name) {
    Golden golden;
    golden.directory = golden_directory / case_name;
    golden.case_name = case_name;
    const auto path = golden.directory / "expected.tsv";
    std::error_code code;
    const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(path, code));
    if (code && code != std::errc::no_such_file_or_directory &&
        code != std::errc::not_a_directory) {
        return tl::unexpected(
            Errors{{path.string(), 0, "cannot be looked at: " + code.message(), ""}});
    }
    if (!is_there) return golden;

    const auto text = read_file(path);
    if (!text) return tl::unexpected(Errors{text.error()});
    auto parsed = parse_expected(*text, path.string(), case_name);
    Errors errors;
    if (!parsed) {
        errors = std::move(parsed.error());
    } else {
        golden.recorded = std::move(parsed->recorded);
        golden.rows = std::move(parsed->rows);
        golden.seeds = std::move(parsed->seeds);
    }

    std::map<std::string, std::string> texts;
    for (const auto& name : files_of(golden)) {
        auto file = read_outcome_file(golden.directory / name, case_name);
        if (file) {
            texts[name] = std::move(file->text);
        } else {
            errors.insert(errors.end(), file.error().begin(), file.error().end());
        }
    }
    for (auto& row : golden.rows) {
        outcome::set_stored_text(row.outcome, texts[row.file]);
        if (!row.decomposed.empty()) row.outcome.decomposed = texts[row.decomposed];
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return golden;
}

}  // namespace exportgate::golden
