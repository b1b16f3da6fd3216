#include "golden/outcome_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/files.h"
#include "base/text.h"
#include "golden/table.h"
#include "graph/graph.h"
#include "outcome/facts_text.h"

namespace exportgate::golden {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_digits = 10;
constexpr std::string_view replaces_mark = "# replaces ";
constexpr std::string_view ending = ".txt";

constexpr std::string_view decomposed_word = "decomposed";

std::string name_of(std::string_view word, std::string_view text) {
    return fmt::format("{}-{}{}", word, digest(text).substr(0, digest_digits), ending);
}

/// Whether `name` is one that name_of() makes with `word`.
bool is_name_of(std::string_view name, std::string_view word) {
    if (name.size() != word.size() + 1 + digest_digits + ending.size()) return false;
    if (!name.starts_with(word) || name[word.size()] != '-' || !name.ends_with(ending))
        return false;
    const auto hex = name.substr(word.size() + 1, digest_digits);
    return hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
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
    return name_of(outcome::to_string(outcome.status), outcome::stored_text(outcome));
}

std::string decomposed_file_name(const outcome::Outcome& outcome) {
    return outcome.decomposed.empty() ? "" : name_of(decomposed_word, outcome.decomposed);
}

std::map<std::string, std::string> texts_of(const outcome::Outcome& outcome) {
    std::map<std::string, std::string> texts{
        {outcome_file_name(outcome), outcome::stored_text(outcome)}};
    if (!outcome.decomposed.empty())
        texts.emplace(decomposed_file_name(outcome), outcome.decomposed);
    return texts;
}

Result<outcome::Status> status_of_file(std::string_view name) {
    using outcome::Status;
    for (const auto status :
         std::array{Status::exported, Status::rejected, Status::crashed, Status::timeout}) {
        if (is_name_of(name, outcome::to_string(status))) return status;
    }
    return tl::unexpected(Error{
        "", 0,
        fmt::format(
            "\"{}\" is not the name of an outcome file, expected a status and ten digits like "
            "exported-0123456789.txt",
            name),
        ""});
}

Result<void> check_decomposed_name(std::string_view name) {
    if (is_name_of(name, decomposed_word)) return {};
    return tl::unexpected(
        Error{"", 0,
              fmt::format("\"{}\" is not the name of a decomposed program's file, expected ten "
                          "digits like {}-0123456789{}",
                          name, decomposed_word, ending),
              ""});
}

bool is_text_file(std::string_view name) {
    return status_of_file(name) || check_decomposed_name(name);
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
        if (!is_text_file(file.replaces)) {
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
    if (!is_text_file(name))
        return tl::unexpected(
            Errors{{path.string(), 0, status_of_file(name).error().what, remedy}});
    if (name_of(name.substr(0, name.find('-')), file.text) != name) {
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
        if (is_text_file(name) && !used.contains(name)) unused.push_back(entry->path());
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
