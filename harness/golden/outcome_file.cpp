#include "golden/outcome_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/files.h"
#include "base/text.h"
#include "golden/table.h"
#include "graph/graph.h"

namespace exportgate::golden {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_digits = 10;
constexpr std::string_view replaces_mark = "# replaces ";
constexpr std::string_view ending = ".txt";

std::string name_of(outcome::Status status, std::string_view text) {
    return fmt::format("{}-{}{}", outcome::to_string(status), digest(text).substr(0, digest_digits),
                       ending);
}

/// The version in the first line of a canonical text: the number that ends it.
std::optional<int> canonical_format(std::string_view text) {
    const auto line = text.substr(0, text.find('\n'));
    const auto digits = line.find_last_not_of("0123456789") + 1;
    if (digits == 0 || digits >= line.size() || line.size() - digits > 6) return std::nullopt;
    return std::stoi(std::string(line.substr(digits)));
}

std::string record_again(const std::string& case_name) {
    return "remove the golden folder of case " + case_name + ", then `exportgate run '" +
           case_name + "/*'` and `exportgate accept '" + case_name +
           "/*' --why ...` write it anew; git shows what changed";
}

/// Makes `directory` and its missing parents, each noted in `made`.
Result<void> make_folder(const fs::path& directory, std::vector<fs::path>& made) {
    std::vector<fs::path> missing;
    std::error_code code;
    for (fs::path path = directory; !path.empty() && !fs::exists(path, code);
         path = path.parent_path()) {
        missing.push_back(path);
        if (path == path.parent_path()) break;
    }
    for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
        if (fs::create_directory(*path, code)) made.push_back(*path);
        if (code)
            return tl::unexpected(Error{path->string(), 0, "cannot be made: " + code.message(),
                                        "nothing was changed"});
    }
    return {};
}

Result<void> write_new(const fs::path& path, const OutcomeFile& file, std::vector<fs::path>& made) {
    std::error_code code;
    if (fs::exists(fs::symlink_status(path, code))) {
        const auto there = read_outcome_file(path, path.parent_path().filename().string());
        if (there && there->text == file.text) return {};
        return tl::unexpected(Error{path.string(), 0,
                                    "is there already with another text than its name says",
                                    "remove it, or restore it with git"});
    }
    made.push_back(path);
    return write_file(path, print_outcome_file(file));
}

}  // namespace

std::string outcome_file_name(const outcome::Outcome& outcome) {
    return name_of(outcome.status, outcome.text);
}

Result<outcome::Status> status_of_file(std::string_view name) {
    using outcome::Status;
    for (const auto status :
         std::array{Status::exported, Status::rejected, Status::crashed, Status::timeout}) {
        const auto begin = outcome::to_string(status) + "-";
        if (!name.starts_with(begin) || !name.ends_with(ending)) continue;
        if (name.size() != begin.size() + digest_digits + ending.size()) continue;
        const auto hex = name.substr(begin.size(), digest_digits);
        if (hex.find_first_not_of("0123456789abcdef") == std::string_view::npos) return status;
    }
    return tl::unexpected(Error{
        "", 0,
        fmt::format(
            "\"{}\" is not the name of an outcome file, expected a status and ten digits like "
            "exported-0123456789.txt",
            name),
        ""});
}

std::string print_outcome_file(const OutcomeFile& file) {
    if (file.replaces.empty()) return file.text;
    return fmt::format("{}{}\n{}", replaces_mark, file.replaces, file.text);
}

Results<OutcomeFile> read_outcome_file(const fs::path& path, const std::string& case_name) {
    const std::string name = path.filename().string();
    const std::string remedy =
        "goldens are only written by `exportgate accept`: restore the file with `git restore`, "
        "or " +
        record_again(case_name);
    std::error_code code;
    if (!fs::exists(path, code))
        return tl::unexpected(Errors{{path.string(), 0, "the file is missing", remedy}});
    const auto bytes = read_file(path);
    if (!bytes) return tl::unexpected(Errors{bytes.error()});
    if (Errors errors = check_bytes(*bytes, path.string(), remedy); !errors.empty()) {
        return tl::unexpected(std::move(errors));
    }
    OutcomeFile file;
    std::string_view rest = *bytes;
    int first_line = 1;
    if (rest.starts_with(replaces_mark)) {
        const auto end = rest.find('\n');
        file.replaces = rest.substr(replaces_mark.size(), end - replaces_mark.size());
        rest.remove_prefix(end + 1);
        first_line = 2;
        if (!status_of_file(file.replaces)) {
            return tl::unexpected(Errors{{path.string(), 1,
                                          "the file was edited by hand: it replaces \"" +
                                              file.replaces + "\", which is not an outcome file",
                                          remedy}});
        }
    }
    file.text = rest;
    const auto format = canonical_format(file.text);
    if (format && *format != graph::format_version) {
        return tl::unexpected(
            Errors{{path.string(), first_line,
                    "the text has canonical format " + std::to_string(*format) +
                        ", this exportgate writes format " + std::to_string(graph::format_version),
                    record_again(case_name)}});
    }
    const auto status = status_of_file(name);
    if (!status) return tl::unexpected(Errors{{path.string(), 0, status.error().what, remedy}});
    if (name_of(*status, file.text) != name) {
        return tl::unexpected(Errors{
            {path.string(), 0,
             "the file was edited by hand: its name carries the digest of another text", remedy}});
    }
    return file;
}

Result<void> write_outcome_files(const fs::path& directory,
                                 const std::map<std::string, OutcomeFile>& files,
                                 std::vector<fs::path>& made) {
    auto result = make_folder(directory, made);
    for (auto file = files.begin(); result && file != files.end(); ++file) {
        result = write_new(directory / file->first, file->second, made);
    }
    if (!result) remove_made(made);
    return result;
}

void remove_made(const std::vector<fs::path>& made) {
    std::error_code ignored;
    for (auto path = made.rbegin(); path != made.rend(); ++path)
        fs::remove(*path, ignored);
}

Result<void> remove_unused(const fs::path& directory, const std::set<std::string>& used) {
    std::error_code code;
    std::vector<fs::path> unused;
    for (fs::directory_iterator entry(directory, code), end; !code && entry != end;
         entry.increment(code)) {
        const auto name = entry->path().filename().string();
        if (status_of_file(name) && !used.contains(name)) unused.push_back(entry->path());
    }
    if (code)
        return tl::unexpected(
            Error{directory.string(), 0, "cannot be listed: " + code.message(), ""});
    for (const auto& path : unused) {
        if (!fs::remove(path, code) && code) {
            return tl::unexpected(Error{
                path.string(), 0, "is not used any more and cannot be removed: " + code.message(),
                "remove it"});
        }
    }
    return {};
}

}  // namespace exportgate::golden
