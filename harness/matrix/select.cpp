#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "matrix/cell.h"
#include "matrix/name_pattern.h"

namespace exportgate::matrix {
namespace {

bool is_glob(std::string_view text) {
    return text.find_first_of("*?[") != std::string_view::npos;
}

bool matches_any(const std::string& pattern, std::span<const std::string> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return name_matches(pattern, name); });
}

/// What is known of cells: the distinct parts of their names (folders, kinds, modes, dims styles,
/// pairs), and the values of each parameter.
struct Known {
    std::vector<std::string> parts;
    std::map<std::string, std::vector<std::string>> values;
};

template <class Value>
void keep_each_once(std::vector<Value>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

Known known_of(std::span<const std::string> names) {
    Known known;
    for (const std::string& name : names) {
        const auto parts = split(name, '/');
        const CaseName of_case = parse_case_name(parts.front());
        known.parts.push_back(of_case.folder);
        for (const auto& [parameter, value] : of_case.parameters)
            known.values[parameter].push_back(value);
        for (const std::string_view part : std::span(parts).subspan(1))
            known.parts.emplace_back(part);
    }
    keep_each_once(known.parts);
    for (auto& [parameter, values] : known.values)
        keep_each_once(values);
    return known;
}

/// `pattern` with each misspelt part replaced by the nearest one there is; nullopt where a part
/// resembles none.
std::optional<std::string> with_parts_corrected(std::string_view pattern,
                                                std::span<const std::string> known) {
    std::vector<std::string> corrected;
    for (const std::string_view part : split(pattern, '/')) {
        if (is_glob(part) || std::find(known.begin(), known.end(), part) != known.end()) {
            corrected.emplace_back(part);
            continue;
        }
        const std::string near = closest(part, known);
        if (near.empty()) return std::nullopt;
        corrected.push_back(near);
    }
    return join(corrected, "/");
}

/// The same of names and values of parameters.
std::optional<SpeltParameters> corrected(const SpeltParameters& conditions, const Known& known) {
    std::vector<std::string> parameters;
    for (const auto& [parameter, values] : known.values)
        parameters.push_back(parameter);
    SpeltParameters good;
    for (const auto& [written, value] : conditions) {
        const bool is_one = known.values.contains(written);
        const std::string parameter = is_one ? written : closest(written, parameters);
        if (parameter.empty()) return std::nullopt;
        const auto& values = known.values.at(parameter);
        if (is_glob(value) || std::find(values.begin(), values.end(), value) != values.end()) {
            good.emplace_back(parameter, value);
            continue;
        }
        const std::string near = closest(value, values);
        if (near.empty()) return std::nullopt;
        good.emplace_back(parameter, near);
    }
    return good;
}

/// A pattern that does match something, as near as possible to what was written; "" where none is
/// near.
std::string nearest_pattern(const std::string& written, std::span<const std::string> names) {
    NamePattern near = parse_pattern(written);
    while (!near.glob.empty() && near.glob.back() == '/')
        near.glob.pop_back();
    if (near.glob.empty()) return "";
    const Known known = known_of(names);
    const auto parts = with_parts_corrected(near.glob, known.parts);
    const auto conditions = corrected(near.conditions, known);
    if (parts && conditions) {
        near.conditions = *conditions;
        for (const char* form : {"{}", "{}/*", "*/{}/*", "*/{}"}) {
            near.glob = fmt::format(fmt::runtime(form), *parts);
            if (matches_any(near.text(), names)) return near.text();
        }
    }
    return is_glob(written) ? "" : closest(written, names);
}

/// "arch" is misspelt in no way that is near: what it can be.
std::string values_to_choose_from(const std::string& written, std::span<const std::string> names) {
    const Known known = known_of(names);
    for (const auto& [parameter, value] : parse_pattern(written).conditions) {
        const auto found = known.values.find(parameter);
        const bool has_such =
            found != known.values.end() && std::any_of(found->second.begin(), found->second.end(),
                                                       [&value = value](const std::string& each) {
                                                           return glob_matches(value, each);
                                                       });
        if (has_such || found == known.values.end()) continue;
        return fmt::format("{} is one of: {}", parameter, join(found->second, ", "));
    }
    return "`exportgate list` shows the cells";
}

}  // namespace

bool may_name(const std::string& pattern, const std::string& case_name) {
    const CaseName of_case = parse_case_name(case_name);
    const NamePattern asked = parse_pattern(pattern);
    // Of a case that could not be read nobody knows the parameters.
    if (!of_case.parameters.empty() && !holds(asked.conditions, of_case.parameters)) return false;
    // A beginning of the pattern matches "case/", and the rest then has the rest of the name.
    const auto begins = [](const std::string& glob, const std::string& name) {
        for (std::size_t size = 1; size <= glob.size(); ++size) {
            if (glob_matches(glob.substr(0, size), name + "/")) return true;
        }
        return false;
    };
    return begins(asked.glob, of_case.folder) ||
           (!asked.has_brackets && begins(pattern, case_name));
}

Result<std::vector<Cell>> select(std::span<const Cell> cells,
                                 std::span<const std::string> patterns) {
    if (patterns.empty()) return std::vector<Cell>(cells.begin(), cells.end());
    std::vector<std::string> names;
    names.reserve(cells.size());
    for (const Cell& cell : cells)
        names.push_back(cell.name());

    for (const std::string& pattern : patterns) {
        if (matches_any(pattern, names)) continue;
        const std::string near = nearest_pattern(pattern, names);
        return tl::unexpected(Error{.what = fmt::format("no cell matches \"{}\"", pattern),
                                    .remedy = near.empty()
                                                  ? values_to_choose_from(pattern, names)
                                                  : fmt::format("did you mean \"{}\"?", near)});
    }
    std::vector<Cell> selected;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool wanted = std::any_of(
            patterns.begin(), patterns.end(),
            [&](const std::string& pattern) { return name_matches(pattern, names[i]); });
        if (wanted) selected.push_back(cells[i]);
    }
    return selected;
}

}  // namespace exportgate::matrix
