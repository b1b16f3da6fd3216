#include "matrix/toml_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace exportgate::matrix {

void Mistakes::add(int line, std::string what, std::string remedy) {
    errors_.push_back(Error{file_, line, std::move(what), std::move(remedy)});
}

Errors Mistakes::take() {
    std::stable_sort(errors_.begin(), errors_.end(),
                     [](const Error& a, const Error& b) { return a.line < b.line; });
    return std::move(errors_);
}

std::vector<Entry> entries_of(const toml::table& table) {
    struct Placed {
        toml::source_position at;
        Entry entry;
    };
    std::vector<Placed> placed;
    for (const auto& [key, value] : table) {
        const toml::source_position at = key.source().begin;
        placed.push_back({at, {std::string(key.str()), static_cast<int>(at.line), &value}});
    }
    std::stable_sort(placed.begin(), placed.end(),
                     [](const Placed& a, const Placed& b) { return a.at < b.at; });
    std::vector<Entry> entries;
    for (Placed& one : placed)
        entries.push_back(std::move(one.entry));
    return entries;
}

int line_of(const toml::node& node) {
    return static_cast<int>(node.source().begin.line);
}

std::string suggestion(std::string_view word, std::span<const std::string> choices) {
    if (choices.empty()) return "";
    const std::string near = closest(word, choices);
    if (!near.empty()) return fmt::format("did you mean \"{}\"?", near);
    return "expected one of: " + join(choices, ", ");
}

std::string_view kind_of(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::none:
            return "nothing";
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "an array";
        case toml::node_type::string:
            return "a string";
        case toml::node_type::integer:
            return "an integer";
        case toml::node_type::floating_point:
            return "a floating-point number";
        case toml::node_type::boolean:
            return "a boolean";
        case toml::node_type::date:
        case toml::node_type::time:
        case toml::node_type::date_time:
            return "a date or time";
    }
    return "something unknown";
}

std::string read_string(const Entry& entry, Mistakes& mistakes) {
    if (const auto* text = entry.value->as_string()) return text->get();
    mistakes.add(entry.line,
                 fmt::format("{} is {}, expected a string", entry.name, kind_of(*entry.value)));
    return "";
}

std::optional<std::int64_t> read_integer(const toml::node& node, std::string_view name,
                                         Mistakes& mistakes) {
    if (const auto* number = node.as_integer()) return number->get();
    mistakes.add(line_of(node), fmt::format("{} is {}, expected an integer", name, kind_of(node)));
    return std::nullopt;
}

const toml::table* read_table(const Entry& entry, Mistakes& mistakes) {
    if (const auto* table = entry.value->as_table()) return table;
    mistakes.add(entry.line,
                 fmt::format("{} is {}, expected a table", entry.name, kind_of(*entry.value)),
                 fmt::format("write [{}] and its entries below", entry.name));
    return nullptr;
}

const toml::array* read_array(const Entry& entry, Mistakes& mistakes) {
    if (const auto* array = entry.value->as_array()) return array;
    mistakes.add(entry.line,
                 fmt::format("{} is {}, expected an array", entry.name, kind_of(*entry.value)));
    return nullptr;
}

std::vector<std::size_t> read_choices(const Entry& entry, std::span<const std::string> choices,
                                      std::string_view what_one_is, Mistakes& mistakes) {
    std::vector<std::size_t> chosen;
    const toml::array* array = read_array(entry, mistakes);
    if (array == nullptr) return chosen;
    if (array->empty()) {
        mistakes.add(entry.line, fmt::format("{} is empty", entry.name),
                     "expected one or more of: " + join(choices, ", "));
    }
    for (const toml::node& node : *array) {
        const auto* word = node.as_string();
        if (word == nullptr) {
            mistakes.add(line_of(node),
                         fmt::format("{} holds {}, expected strings", entry.name, kind_of(node)));
            continue;
        }
        const auto found = std::find(choices.begin(), choices.end(), word->get());
        if (found == choices.end()) {
            mistakes.add(line_of(node), fmt::format("unknown {} \"{}\"", what_one_is, word->get()),
                         suggestion(word->get(), choices));
            continue;
        }
        const auto index = static_cast<std::size_t>(found - choices.begin());
        if (std::find(chosen.begin(), chosen.end(), index) != chosen.end()) {
            mistakes.add(line_of(node),
                         fmt::format("{} \"{}\" is listed twice", what_one_is, word->get()));
            continue;
        }
        chosen.push_back(index);
    }
    return chosen;
}

}  // namespace exportgate::matrix
