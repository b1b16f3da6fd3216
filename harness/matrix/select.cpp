#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "matrix/cell.h"

namespace exportgate::matrix {
namespace {

bool is_glob(std::string_view text) {
    return text.find_first_of("*?[") != std::string_view::npos;
}

bool matches_any(const std::string& pattern, std::span<const std::string> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return glob_matches(pattern, name); });
}

/// The distinct parts of the names: cases, kinds, modes, dims styles, pairs.
std::vector<std::string> parts_of(std::span<const std::string> names) {
    std::vector<std::string> parts;
    for (const std::string& name : names) {
        for (const std::string_view part : split(name, '/'))
            parts.emplace_back(part);
    }
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    return parts;
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

/// A pattern that does match something, as near as possible to what was written; "" where none is
/// near.
std::string nearest_pattern(std::string_view written, std::span<const std::string> names) {
    while (!written.empty() && written.back() == '/')
        written.remove_suffix(1);
    if (written.empty()) return "";
    const auto corrected = with_parts_corrected(written, parts_of(names));
    if (corrected) {
        const std::array<std::string, 4> tries{*corrected, *corrected + "/*",
                                               fmt::format("*/{}/*", *corrected),
                                               fmt::format("*/{}", *corrected)};
        for (const std::string& pattern : tries) {
            if (matches_any(pattern, names)) return pattern;
        }
    }
    return is_glob(written) ? "" : closest(written, names);
}

}  // namespace

bool may_name(const std::string& pattern, const std::string& case_name) {
    // A beginning of the pattern matches "case/", and the rest then has the rest of the name.
    const std::string begins = case_name + "/";
    for (std::size_t size = 1; size <= pattern.size(); ++size) {
        if (glob_matches(pattern.substr(0, size), begins)) return true;
    }
    return false;
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
                                                  ? "`exportgate list` shows the cells"
                                                  : fmt::format("did you mean \"{}\"?", near)});
    }
    std::vector<Cell> selected;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool wanted = std::any_of(
            patterns.begin(), patterns.end(),
            [&](const std::string& pattern) { return glob_matches(pattern, names[i]); });
        if (wanted) selected.push_back(cells[i]);
    }
    return selected;
}

}  // namespace exportgate::matrix
