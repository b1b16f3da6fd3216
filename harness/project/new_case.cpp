#include "project/new_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "matrix/names.h"
#include "project/templates.h"

namespace exportgate::project {

namespace {

/// What stands in the templates for the imported class.
constexpr std::string_view template_module = "my_package.caches";
constexpr std::string_view template_class = "MyCache";

std::string replaced(std::string_view text, std::string_view before, std::string_view after) {
    std::string result;
    for (std::size_t at; (at = text.find(before)) != std::string_view::npos;) {
        result.append(text.substr(0, at)).append(after);
        text.remove_prefix(at + before.size());
    }
    return result.append(text);
}

struct ImportedClass {
    std::string module;
    std::string name;
};

Result<ImportedClass> parse_class_path(const std::string& text) {
    const std::vector<std::string_view> parts = split(text, ':');
    const auto is_module = [](std::string_view module) {
        const std::vector<std::string_view> names = split(module, '.');
        return std::all_of(names.begin(), names.end(), matrix::is_identifier);
    };
    if (parts.size() == 2 && is_module(parts[0]) && matrix::is_identifier(parts[1]))
        return ImportedClass{std::string(parts[0]), std::string(parts[1])};
    return tl::unexpected(Error{"", 0,
                                fmt::format("\"{}\" does not name a class in a module", text),
                                "write it like --class transformers.cache_utils:DynamicCache"});
}

std::optional<Error> mistake_in(const NewCase& wanted) {
    if (!matrix::usable_in_cell_name(wanted.name)) {
        return Error{"", 0, fmt::format("\"{}\" cannot be the name of a case", wanted.name),
                     std::string(matrix::cell_name_rule)};
    }
    if (wanted.native && !matrix::is_identifier(wanted.name)) {
        return Error{"", 0,
                     fmt::format("\"{}\" cannot be the name of a case with a native.cpp, which "
                                 "becomes the module native_{}",
                                 wanted.name, wanted.name),
                     "use letters, digits and '_' only"};
    }
    if (wanted.native && !wanted.class_path.empty()) {
        return Error{"", 0, "--native writes a class in C++, and --class imports one that is there",
                     "leave one of them away"};
    }
    return std::nullopt;
}

}  // namespace

Result<std::vector<NewFile>> files_of(const NewCase& wanted) {
    if (const std::optional<Error> mistake = mistake_in(wanted)) return tl::unexpected(*mistake);
    if (!wanted.class_path.empty()) {
        const Result<ImportedClass> imported = parse_class_path(wanted.class_path);
        if (!imported) return tl::unexpected(imported.error());
        const auto filled = [&](std::string_view text) {
            return replaced(replaced(text, template_module, imported->module), template_class,
                            imported->name);
        };
        return std::vector<NewFile>{{"case.toml", filled(imported_case_toml)},
                                    {"case.py", filled(imported_case_py)}};
    }
    std::vector<NewFile> files{{"case.toml", std::string(case_toml)},
                               {"case.py", std::string(case_py)}};
    if (!wanted.native) return files;
    files.front().text =
        replaced(case_toml, "kinds = [\"as_is\"]          ", "kinds = [\"as_is\", \"native\"]");
    files.push_back({"native.cpp", std::string(native_cpp)});
    return files;
}

std::vector<NewFile> git_files() {
    return {{".gitignore",
             "# What exportgate's runs leave: records, reports, outcomes that nobody accepted.\n"
             "/.exportgate/\n/golden/*/.pending/\n__pycache__/\n"},
            {".gitattributes",
             "# exportgate's goldens are bytes. A merge takes each text of one side whole, and\n"
             "# leaves a few lines of expected.tsv to choose from.\n"
             "/golden/** -text\n/golden/**/*.txt -merge\n"}};
}

std::string new_project_toml(const std::string& torch, const std::vector<std::string>& with) {
    const std::string line = "torch = \"2.13.0\"\n";
    std::string lines = fmt::format("torch = \"{}\"\n", torch);
    if (!with.empty()) lines += fmt::format("with = [\"{}\"]\n", join(with, "\", \""));
    return replaced(project_toml, line, lines);
}

}  // namespace exportgate::project
