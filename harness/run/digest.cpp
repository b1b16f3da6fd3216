#include "run/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "run/remedy.h"

namespace exportgate::run {

namespace {

namespace fs = std::filesystem;

bool is_made_by_python(const fs::path& path) {
    return path.filename() == "__pycache__";
}

/// Regular files below `folder`, sorted by path.
std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (fs::recursive_directory_iterator entry(folder, ignored), end; entry != end;
         entry.increment(ignored)) {
        if (entry->is_directory(ignored) && is_made_by_python(entry->path())) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file(ignored)) {
            files.push_back(entry->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// True where a table begins that says what is made of an observation, or what is timed: that
/// changes no observation. Values of parameters are in the declaration of each case.
bool begins_what_is_not_observed(std::string_view line) {
    return line.starts_with("[[waivers]]") || line.starts_with("[bench]") ||
           line.starts_with("[bench.") || line.starts_with("[expected_stage]") ||
           line.starts_with("[parameters]") || line.starts_with("[[excluded]]");
}

/// Headers of tables may be indented.
std::string_view without_indentation(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

/// case.toml without its [[waivers]], [bench], [parameters] and [[excluded]], and without
/// expected_stage. The blank lines before them go too, so that a file reads as it did before there
/// were any.
std::string as_observed(std::string_view case_toml) {
    std::string kept;
    std::size_t blank_lines = 0;
    bool inside = false;
    while (!case_toml.empty()) {
        const auto line = case_toml.substr(0, case_toml.find('\n') + 1);
        const auto text = line.empty() ? case_toml : line;
        case_toml.remove_prefix(text.size());
        if (const auto words = without_indentation(text); words.starts_with('[')) {
            const bool was_inside = inside;
            inside = begins_what_is_not_observed(words);
            if (inside && !was_inside) {
                for (blank_lines = 0; kept.ends_with("\n\n"); ++blank_lines)
                    kept.pop_back();
            } else if (was_inside && !inside) {
                kept.append(blank_lines, '\n');
            }
        }
        const bool judges =
            text.starts_with("expected_stage") || text.starts_with("[expected_stage]");
        if (!inside && !judges) kept += text;
    }
    return kept;
}

/// Adds a line "<name>/<path> <digest>" for every file below `folder`. Error: one cannot be read.
Result<void> add_contents(std::string& all, const std::string& name, const fs::path& folder) {
    for (const fs::path& file : files_below(folder)) {
        const Result<std::string> content = read_file(file);
        if (!content) return tl::unexpected(content.error());
        const std::string path = file.lexically_relative(folder).string();
        all += fmt::format("{}/{} {}\n", name, path,
                           digest(path == "case.toml" ? as_observed(*content) : *content));
    }
    return {};
}

/// The same for the Python files directly in the folders of the cases, which every case may import.
Result<void> add_shared_files(std::string& all, std::span<const matrix::Case> cases) {
    std::set<fs::path> folders;
    for (const matrix::Case& case_ : cases)
        folders.insert(case_.directory.parent_path());
    for (const fs::path& folder : folders) {
        std::set<fs::path> files;
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            if (entry.path().extension() == ".py" && entry.is_regular_file(ignored))
                files.insert(entry.path());
        }
        for (const fs::path& file : files) {
            const Result<std::string> content = read_file(file);
            if (!content) return tl::unexpected(content.error());
            all += fmt::format("{} {}\n", file.filename().string(), digest(*content));
        }
    }
    return {};
}

/// The native module that was built for the case; empty where there is none.
fs::path native_module(const matrix::Case& case_, const fs::path& built) {
    for (const fs::path& file : files_below(built / "native" / matrix::folder_of(case_.name))) {
        if (file.extension() == ".so") return file;
    }
    return "";
}

/// The value after "KEY=" or "key = 'value'" at the start of a line; empty where there is none.
std::string value_of(std::string_view text, std::string_view key) {
    for (std::string_view line : split(text, '\n')) {
        if (!line.starts_with(key)) continue;
        line.remove_prefix(key.size());
        const std::size_t begin = line.find_first_not_of("= '\"");
        if (begin == 0 || begin == std::string_view::npos) continue;
        line.remove_prefix(begin);
        return std::string(line.substr(0, line.find_first_of("'\"\r")));
    }
    return "";
}

std::string without_native_module(const matrix::Case& case_) {
    return matrix::folder_of(case_.name) + " without its native module\n";
}

/// A line for every file of a case, and what its native module is.
Result<void> add_case(std::string& all, const matrix::Case& case_, const fs::path& worker) {
    const std::string folder = matrix::folder_of(case_.name);
    if (Result<void> added = add_contents(all, folder, case_.directory); !added) return added;
    if (!fs::exists(case_.directory / "native.cpp")) return {};
    if (native_module(case_, worker.parent_path()).empty()) {
        all += without_native_module(case_);
        return {};
    }
    return native_is_current(case_.directory, folder, worker);
}

Result<void> add_worker(std::string& all, const fs::path& worker) {
    const fs::path built = worker.parent_path();
    const fs::path sources = built / "built_from" / "worker";
    Result<void> added = add_contents(all, "package", built / "exportgate_worker");
    if (added) added = add_contents(all, "worker", sources);
    if (!added) return added;
    if (!fs::exists(sources) && fs::exists(worker)) {
        const Result<std::string> executable = read_file(worker);
        if (!executable) return tl::unexpected(executable.error());
        all += "worker " + digest(*executable);
    }
    return {};
}

/// The names of the Python files that every case may import, and so those that may hide a module.
std::string shared_names(const fs::path& folder) {
    std::set<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".py") names.insert(entry.path().filename().string());
    }
    std::string all;
    for (const std::string& name : names)
        all += name + "\n";
    return all;
}

}  // namespace

Result<std::string> inputs_digest(std::span<const matrix::Case> cases, const fs::path& worker) {
    std::string all;
    if (Result<void> added = add_shared_files(all, cases); !added)
        return tl::unexpected(added.error());
    std::string previous;
    for (const matrix::Case& case_ : cases) {
        const std::string folder = matrix::folder_of(case_.name);
        if (folder == std::exchange(previous, folder)) continue;
        if (Result<void> added = add_case(all, case_, worker); !added)
            return tl::unexpected(added.error());
    }
    if (Result<void> added = add_worker(all, worker); !added) return tl::unexpected(added.error());
    return digest(all);
}

Result<std::string> case_digest(const matrix::Case& case_, const fs::path& worker) {
    std::string all = shared_names(fs::absolute(case_.directory).parent_path());
    if (Result<void> added = add_case(all, case_, worker); !added)
        return tl::unexpected(added.error());
    return digest(all);
}

Result<bool> is_digest_of(const matrix::Case& case_, const std::string& kept) {
    std::string all = shared_names(fs::absolute(case_.directory).parent_path());
    if (Result<void> added = add_contents(all, matrix::folder_of(case_.name), case_.directory);
        !added)
        return tl::unexpected(added.error());
    return kept == digest(all) || kept == digest(all + without_native_module(case_));
}

Result<std::string> worker_digest(const fs::path& worker) {
    std::string all;
    if (Result<void> added = add_worker(all, worker); !added) return tl::unexpected(added.error());
    return digest(all);
}

Result<void> native_is_current(const fs::path& case_directory, const std::string& case_name,
                               const fs::path& worker) {
    const fs::path built_from = worker.parent_path() / "built_from" / "native" / case_name;
    for (const fs::path& copy : files_below(built_from)) {
        const fs::path source = case_directory / copy.lexically_relative(built_from);
        const Result<std::string> before = read_file(copy);
        const Result<std::string> now = read_file(source);
        if (now && before && *now == *before) continue;
        return tl::unexpected(
            Error{source.string(), 0,
                  fmt::format("{} since the native module of {} was built",
                              fs::exists(source) ? "has changed" : "is gone", case_name),
                  build_again});
    }
    return {};
}

bool is_built_for(const fs::path& worker, const record::Environment& environment) {
    const Result<std::string> built_for = read_file(worker.parent_path() / "built_for");
    if (!built_for) return false;
    const Result<std::string> installed = read_file(value_of(*built_for, "TORCH_VERSION_FILE"));
    return installed && value_of(*installed, "__version__") == environment.torch_build &&
           value_of(*built_for, "TORCH_BUILD") == environment.torch_build &&
           value_of(*built_for, "PYTHON_VERSION") == environment.python &&
           value_of(*built_for, "CXX11_ABI") == std::to_string(environment.cxx11_abi);
}

}  // namespace exportgate::run
