#include "matrix/cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "matrix/names.h"
#include "matrix/parameters.h"

namespace exportgate::matrix {
namespace {

Error not_a_cell(const std::string& name, std::string what) {
    return Error{
        .what = fmt::format("\"{}\" is not the name of a cell: {}", name, what),
        .remedy = "cells are named case/kind/mode/dims/pair; `exportgate list` shows them"};
}

/// The value whose spelling is `word`, or the message that it is none.
template <class Value>
tl::expected<Value, std::string> value_of(std::string_view word,
                                          const std::vector<std::string>& names,
                                          std::string_view what_one_is) {
    const auto found = std::find(names.begin(), names.end(), word);
    if (found != names.end()) return static_cast<Value>(found - names.begin());
    const std::string near = closest(word, names);
    return tl::unexpected(near.empty() ? fmt::format("unknown {} \"{}\", expected one of {}",
                                                     what_one_is, word, join(names, ", "))
                                       : fmt::format("unknown {} \"{}\", did you mean \"{}\"?",
                                                     what_one_is, word, near));
}

std::optional<std::size_t> number_in(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

bool usable_as_parameter(std::string_view value) {
    const auto allowed = [](char c) { return is_plain(c) || c == '-' || c == '.' || c == '+'; };
    return !value.empty() && std::all_of(value.begin(), value.end(), allowed);
}

bool usable_in_cell_name(std::string_view name) {
    return usable_as_parameter(name) && is_plain(name.front());
}

bool is_identifier(std::string_view name) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), allowed);
}

std::string Cell::name() const {
    return fmt::format("{}/{}/{}/{}/{}", case_name, to_string(kind), to_string(mode),
                       to_string(dims), pair);
}

std::string Cell::folder() const {
    return folder_of(case_name);
}

std::string Cell::name_in_folder() const {
    const std::string all = name();
    const std::size_t begin = folder().size();
    return all.substr(all[begin] == '/' ? begin + 1 : begin);
}

std::string cell_name(std::string_view folder, std::string_view in_folder) {
    return fmt::format("{}{}{}", folder, in_folder.starts_with('[') ? "" : "/", in_folder);
}

std::vector<Cell> cells_of(std::span<const Case> cases) {
    std::vector<Cell> cells;
    for (const Case& one : cases) {
        for (const Kind kind : one.kinds) {
            for (const Mode mode : one.modes) {
                for (const DimsStyle dims : one.dims_styles) {
                    for (const Pair& pair : one.pairs) {
                        if (is_exported_at(one, pair))
                            cells.push_back({one.name, kind, mode, dims, pair.name});
                    }
                }
            }
        }
    }
    return cells;
}

Result<Cell> parse_cell(const std::string& name) {
    const auto parts = split(name, '/');
    if (parts.size() != 5)
        return tl::unexpected(
            not_a_cell(name, fmt::format("it has {} parts, not 5", parts.size())));
    if (!usable_in_cell_name(parse_case_name(parts[0]).folder))
        return tl::unexpected(not_a_cell(name, "its case is not a usable name"));
    if (!usable_in_cell_name(parts[4]))
        return tl::unexpected(not_a_cell(name, "its pair is not a usable name"));
    const auto kind = value_of<Kind>(parts[1], kind_names(), "kind");
    if (!kind) return tl::unexpected(not_a_cell(name, kind.error()));
    const auto mode = value_of<Mode>(parts[2], mode_names(), "mode");
    if (!mode) return tl::unexpected(not_a_cell(name, mode.error()));
    const auto dims = value_of<DimsStyle>(parts[3], dims_style_names(), "dims style");
    if (!dims) return tl::unexpected(not_a_cell(name, dims.error()));
    return Cell{std::string(parts[0]), *kind, *mode, *dims, std::string(parts[4])};
}

Result<Shard> parse_shard(const std::string& text) {
    const auto parts = split(text, '/');
    const auto index = number_in(parts.front());
    const auto count = number_in(parts.back());
    if (parts.size() != 2 || !index || !count || *index < 1 || *index > *count) {
        return tl::unexpected(
            Error{.what = fmt::format("\"{}\" is not a shard", text),
                  .remedy = "write i/n with 1 <= i <= n: 2/3 is the second of three"});
    }
    return Shard{*index, *count};
}

std::vector<Cell> cells_of_shard(std::span<const Cell> cells, const Shard& shard) {
    std::vector<Cell> dealt;
    for (std::size_t i = shard.index - 1; i < cells.size(); i += shard.count) {
        dealt.push_back(cells[i]);
        if (shard.count >= cells.size()) break;  // before `i` can run over
    }
    return dealt;
}

}  // namespace exportgate::matrix
