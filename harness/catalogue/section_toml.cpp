#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "matrix/toml_input.h"

namespace exportgate::catalogue {
namespace {

using TomlEntry = matrix::Entry;
using matrix::entries_of;
using matrix::line_of;
using matrix::Mistakes;
using matrix::read_string;
using matrix::suggestion;

const std::vector<std::string>& pattern_keys() {
    static const std::vector<std::string> names{
        "rejected", "crashed", "timeout", "check", "exception", "line", "unobserved",
        "without",  "kind",    "mode",    "dims",  "torch",     "with"};
    return names;
}

const std::vector<std::string>& entry_keys() {
    static const std::vector<std::string> names{"id",  "title", "match", "cause",   "releases",
                                                "fix", "tried", "links", "recorded"};
    return names;
}

const std::vector<std::string>& stages() {
    static const std::vector<std::string> names{"import", "construct", "register", "eager",
                                                "export", "observe",   "any"};
    return names;
}

/// A string, or an array of strings.
std::vector<std::string> read_strings(const TomlEntry& entry, Mistakes& mistakes) {
    if (entry.value->is_string()) return {read_string(entry, mistakes)};
    const toml::array* array = matrix::read_array(entry, mistakes);
    std::vector<std::string> all;
    if (array == nullptr) return all;
    for (const toml::node& node : *array)
        all.push_back(read_string({entry.name, line_of(node), &node}, mistakes));
    return all;
}

std::string read_choice(const TomlEntry& entry, const std::vector<std::string>& choices,
                        Mistakes& mistakes) {
    std::string word = read_string(entry, mistakes);
    if (std::find(choices.begin(), choices.end(), word) == choices.end())
        mistakes.add(entry.line, fmt::format("{} = \"{}\" is not known", entry.name, word),
                     suggestion(word, choices));
    return word;
}

template <class T>
std::vector<T> read_values(const TomlEntry& entry, const std::vector<std::string>& names,
                           Mistakes& mistakes) {
    std::vector<T> values;
    for (const std::size_t choice : matrix::read_choices(entry, names, entry.name, mistakes))
        values.push_back(static_cast<T>(choice));
    return values;
}

Pattern read_pattern(const toml::node& node, Mistakes& mistakes);

void read_key(const TomlEntry& key, Pattern& pattern, int& places, Mistakes& mistakes) {
    const auto stage = [&](Place place) {
        pattern.place = place;
        const std::string word = read_choice(key, stages(), mistakes);
        pattern.where = word == "any" ? "" : word;
        ++places;
    };
    if (key.name == "rejected") {
        stage(Place::rejected);
    } else if (key.name == "crashed") {
        stage(Place::crashed);
    } else if (key.name == "timeout") {
        stage(Place::timeout);
    } else if (key.name == "check") {
        pattern.place = Place::check;
        pattern.where = read_choice(key, outcome::check_names(), mistakes);
        ++places;
    } else if (key.name == "unobserved") {
        pattern.place = Place::unobserved;
        pattern.lines = read_strings(key, mistakes);
        ++places;
    } else if (key.name == "exception") {
        pattern.exception = read_string(key, mistakes);
    } else if (key.name == "line") {
        pattern.lines = read_strings(key, mistakes);
    } else if (key.name == "without") {
        pattern.without = read_strings(key, mistakes);
    } else if (key.name == "kind") {
        pattern.kinds = read_values<matrix::Kind>(key, matrix::kind_names(), mistakes);
    } else if (key.name == "mode") {
        pattern.modes = read_values<matrix::Mode>(key, matrix::mode_names(), mistakes);
    } else if (key.name == "dims") {
        pattern.dims = read_values<matrix::DimsStyle>(key, matrix::dims_style_names(), mistakes);
    } else if (key.name == "with") {
        pattern.with.push_back(read_pattern(*key.value, mistakes));
    } else if (key.name == "torch") {
        const auto range = TorchRange::parse(read_string(key, mistakes));
        if (range) pattern.torch = *range;
        if (!range) mistakes.add(key.line, range.error().what, range.error().remedy);
    } else {
        mistakes.add(key.line, fmt::format("unknown key \"{}\"", key.name),
                     suggestion(key.name, pattern_keys()));
    }
}

Pattern read_pattern(const toml::node& node, Mistakes& mistakes) {
    Pattern pattern;
    const toml::table* table = node.as_table();
    if (table == nullptr) {
        mistakes.add(line_of(node), "a match is a table", "{ check = \"run\", line = \"...\" }");
        return pattern;
    }
    int places = 0;
    for (const TomlEntry& key : entries_of(*table))
        read_key(key, pattern, places, mistakes);
    if (places != 1)
        mistakes.add(line_of(node), "a match names one place",
                     "one of rejected, crashed, timeout, check, unobserved");
    return pattern;
}

std::vector<Pattern> read_patterns(const TomlEntry& entry, Mistakes& mistakes) {
    std::vector<Pattern> patterns;
    const toml::array* array = matrix::read_array(entry, mistakes);
    if (array == nullptr) return patterns;
    for (const toml::node& node : *array)
        patterns.push_back(read_pattern(node, mistakes));
    return patterns;
}

Entry read_entry(const toml::table& table, Mistakes& mistakes) {
    Entry entry;
    for (const TomlEntry& key : entries_of(table)) {
        if (key.name == "match") {
            entry.patterns = read_patterns(key, mistakes);
        } else if (key.name == "links" || key.name == "recorded") {
            (key.name == "links" ? entry.links : entry.recorded) = read_strings(key, mistakes);
        } else if (std::find(entry_keys().begin(), entry_keys().end(), key.name) ==
                   entry_keys().end()) {
            mistakes.add(key.line, fmt::format("unknown key \"{}\" in an entry", key.name),
                         suggestion(key.name, entry_keys()));
        } else {
            const std::array<std::pair<std::string_view, std::string*>, 6> texts{
                {{"id", &entry.id},
                 {"title", &entry.title},
                 {"cause", &entry.cause},
                 {"releases", &entry.releases},
                 {"fix", &entry.fix},
                 {"tried", &entry.tried}}};
            const auto* const text = std::find_if(
                texts.begin(), texts.end(), [&](const auto& one) { return one.first == key.name; });
            *text->second = read_string(key, mistakes);
        }
    }
    for (const auto& [name, text] :
         {std::pair("id", &entry.id), std::pair("title", &entry.title),
          std::pair("cause", &entry.cause), std::pair("releases", &entry.releases),
          std::pair("fix", &entry.fix)}) {
        if (text->empty()) mistakes.add(line_of(table), fmt::format("an entry has no {}", name));
    }
    if (entry.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        mistakes.add(line_of(table), fmt::format("id \"{}\" is not in kebab-case", entry.id));
    if (entry.patterns.empty()) mistakes.add(line_of(table), "an entry has no match");
    if (!entry.tried.empty() && !TorchVersion::parse(entry.tried))
        mistakes.add(line_of(table), fmt::format("tried = \"{}\" is no release", entry.tried));
    if (!entry.recorded.empty() && entry.recorded.size() != 2)
        mistakes.add(line_of(table), "recorded is the first and the last release");
    return entry;
}

}  // namespace

Results<Section> parse_section(std::string_view text, const std::string& file) {
    Mistakes mistakes(file);
    Section section;
    toml::table parsed;
    try {
        parsed = toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        mistakes.add(static_cast<int>(error.source().begin.line), std::string(error.description()));
        return tl::unexpected(mistakes.take());
    }
    for (const TomlEntry& key : entries_of(parsed)) {
        if (key.name == "title") {
            section.title = read_string(key, mistakes);
        } else if (key.name == "intro") {
            section.intro = read_string(key, mistakes);
        } else if (key.name == "entry") {
            const toml::array* array = matrix::read_array(key, mistakes);
            if (array == nullptr) continue;
            for (const toml::node& node : *array) {
                if (const toml::table* table = node.as_table())
                    section.entries.push_back(read_entry(*table, mistakes));
            }
        } else {
            mistakes.add(key.line, fmt::format("unknown key \"{}\"", key.name));
        }
    }
    if (section.title.empty()) mistakes.add(1, "a file of entries has a title");
    if (!mistakes.none()) return tl::unexpected(mistakes.take());
    return section;
}

}  // namespace exportgate::catalogue
