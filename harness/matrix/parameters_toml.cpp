#include "matrix/parameters_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "matrix/name_pattern.h"
#include "matrix/names.h"
#include "matrix/settings_toml.h"

namespace exportgate::matrix {
namespace {

constexpr std::string_view example_of_values = "write arch = [\"llama\", \"mistral\"]";

/// Nothing and a mistake where the node is none of string, number and boolean, or cannot stand in a
/// cell's name. `parameter` is what messages call it.
std::optional<ParameterValue> read_value(const toml::node& node, const std::string& parameter,
                                         Mistakes& mistakes) {
    std::optional<ParameterValue> value;
    if (const auto* text = node.as_string()) value = text->get();
    if (const auto* truth = node.as_boolean()) value = truth->get();
    if (const auto* number = node.as_integer()) value = number->get();
    if (const auto* number = node.as_floating_point(); number && std::isfinite(number->get()))
        value = number->get();
    if (!value) {
        mistakes.add(line_of(node),
                     fmt::format("a value of parameter \"{}\" is {}, expected a string, a finite "
                                 "number or a boolean",
                                 parameter, kind_of(node)),
                     std::string(example_of_values));
        return std::nullopt;
    }
    if (usable_as_parameter(to_string(*value))) return value;
    mistakes.add(line_of(node),
                 fmt::format("value \"{}\" of parameter \"{}\" cannot be part of a cell's name",
                             to_string(*value), parameter),
                 "use letters, digits, '_', '-', '.' and '+'; case.py can look up what it stands "
                 "for");
    return std::nullopt;
}

/// { value = "gemma4", requires = ["transformers>=5.20"], first_torch = "2.11.0" }
std::optional<DeclaredValue> read_value_table(const toml::table& table,
                                              const std::string& parameter, Mistakes& mistakes) {
    static const std::vector<std::string> keys{"value", "summary", "requires", "first_torch"};
    DeclaredValue declared;
    std::optional<ParameterValue> value;
    for (const Entry& entry : entries_of(table)) {
        if (entry.name == "value") {
            value = read_value(*entry.value, parameter, mistakes);
        } else if (entry.name == "summary") {
            declared.summary = read_string(entry, mistakes);
        } else if (entry.name == "requires") {
            declared.requirements = read_requirements(entry, mistakes);
        } else if (entry.name == "first_torch") {
            declared.first_torch = read_release(entry, mistakes);
        } else {
            mistakes.add(entry.line,
                         fmt::format("unknown key \"{}\" in a value of parameter \"{}\"",
                                     entry.name, parameter),
                         suggestion(entry.name, keys));
        }
    }
    if (!table.contains("value")) {
        mistakes.add(line_of(table),
                     fmt::format("a value of parameter \"{}\" has no \"value\"", parameter),
                     "write { value = \"llama\", requires = [...] }");
    }
    if (!value) return std::nullopt;
    declared.value = *std::move(value);
    return declared;
}

std::vector<DeclaredValue> read_values_of(const Entry& entry, Mistakes& mistakes) {
    std::vector<DeclaredValue> values;
    const toml::array* array = entry.value->as_array();
    if (array == nullptr || array->empty()) {
        mistakes.add(entry.line,
                     array == nullptr
                         ? fmt::format("parameter \"{}\" is {}, expected an array of values",
                                       entry.name, kind_of(*entry.value))
                         : fmt::format("parameter \"{}\" has no value", entry.name),
                     std::string(example_of_values));
        return values;
    }
    for (const toml::node& node : *array) {
        std::optional<DeclaredValue> value;
        if (const auto* table = node.as_table()) {
            value = read_value_table(*table, entry.name, mistakes);
        } else if (auto read = read_value(node, entry.name, mistakes)) {
            value = DeclaredValue{*std::move(read), "", {}, {}};
        }
        if (!value) continue;
        const std::string spelt = to_string(value->value);
        const auto same = std::find_if(values.begin(), values.end(), [&](const auto& other) {
            return lower_case(to_string(other.value)) == lower_case(spelt);
        });
        if (same == values.end()) {
            values.push_back(*std::move(value));
            continue;
        }
        const std::string other = to_string(same->value);
        mistakes.add(
            line_of(node),
            spelt == other
                ? fmt::format("value {} of parameter \"{}\" is listed twice", spelt, entry.name)
                : fmt::format("value {} of parameter \"{}\" differs from {} only by letter "
                              "case",
                              spelt, entry.name, other),
            "remove one of them");
    }
    return values;
}

std::vector<std::string> names_of(const std::vector<DeclaredParameter>& parameters) {
    std::vector<std::string> names;
    for (const DeclaredParameter& each : parameters)
        names.push_back(each.name);
    return names;
}

std::vector<std::string> spelt_values_of(const DeclaredParameter& parameter) {
    std::vector<std::string> values;
    for (const DeclaredValue& each : parameter.values)
        values.push_back(to_string(each.value));
    return values;
}

const DeclaredParameter* find(const std::vector<DeclaredParameter>& parameters,
                              const std::string& name) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& each) { return each.name == name; });
    return found == parameters.end() ? nullptr : &*found;
}

/// What one [[excluded]] names.
struct Exclusion {
    SpeltParameters conditions;  // none where a mistake was found
    int line = 0;
    std::size_t cases = 0;  // how many it took out
};

/// parameters = { arch = "mistral", layers = 2 } of an [[excluded]].
SpeltParameters read_excluded_parameters(const Entry& entry,
                                         const std::vector<DeclaredParameter>& parameters,
                                         Mistakes& mistakes) {
    SpeltParameters conditions;
    const toml::table* table = entry.value->as_table();
    if (table == nullptr || table->empty()) {
        mistakes.add(entry.line, "\"parameters\" of [[excluded]] names no values",
                     "write parameters = { arch = \"mistral\", layers = 2 }");
        return {};
    }
    for (const Entry& part : entries_of(*table)) {
        const DeclaredParameter* parameter = find(parameters, part.name);
        if (parameter == nullptr) {
            mistakes.add(part.line,
                         fmt::format("[[excluded]] names the unknown parameter \"{}\"", part.name),
                         suggestion(part.name, names_of(parameters)));
            return {};
        }
        const auto value = read_value(*part.value, part.name, mistakes);
        if (!value) return {};
        const std::vector<std::string> known = spelt_values_of(*parameter);
        const std::string spelt = to_string(*value);
        if (std::find(known.begin(), known.end(), spelt) == known.end()) {
            mistakes.add(
                part.line,
                fmt::format("[[excluded]] names {} = {}, which is not declared", part.name, spelt),
                suggestion(spelt, known));
            return {};
        }
        conditions.emplace_back(part.name, spelt);
    }
    return conditions;
}

Exclusion read_exclusion(const toml::table& table, const std::vector<DeclaredParameter>& parameters,
                         Mistakes& mistakes) {
    static const std::vector<std::string> keys{"parameters", "reason"};
    Exclusion exclusion{{}, line_of(table), 0};
    std::string reason;
    for (const Entry& entry : entries_of(table)) {
        if (entry.name == "parameters") {
            exclusion.conditions = read_excluded_parameters(entry, parameters, mistakes);
        } else if (entry.name == "reason") {
            reason = read_string(entry, mistakes);
        } else {
            mistakes.add(entry.line, fmt::format("unknown key \"{}\" in [[excluded]]", entry.name),
                         suggestion(entry.name, keys));
        }
    }
    if (!table.contains("parameters")) {
        mistakes.add(exclusion.line, "[[excluded]] has no \"parameters\"",
                     "write parameters = { arch = \"mistral\", layers = 2 }");
    }
    if (reason.find_first_not_of(" \t\r\n") == std::string::npos) {
        mistakes.add(exclusion.line, "[[excluded]] has no \"reason\"",
                     "say in one line why these values do not go together");
    }
    return exclusion;
}

std::vector<Exclusion> read_exclusions(const Entry* entry,
                                       const std::vector<DeclaredParameter>& parameters,
                                       Mistakes& mistakes) {
    std::vector<Exclusion> exclusions;
    if (entry == nullptr) return exclusions;
    const toml::array* array = entry->value->as_array();
    if (array == nullptr) {
        mistakes.add(entry->line,
                     fmt::format("excluded is {}, expected tables", kind_of(*entry->value)),
                     "write [[excluded]] above the parameters of each");
        return exclusions;
    }
    for (const toml::node& node : *array) {
        if (const auto* table = node.as_table()) {
            exclusions.push_back(read_exclusion(*table, parameters, mistakes));
        } else {
            mistakes.add(line_of(node),
                         fmt::format("excluded holds {}, expected tables", kind_of(node)),
                         "write [[excluded]] above the parameters of each");
        }
    }
    return exclusions;
}

/// `one` with a further parameter that has this value.
Case with(Case one, const std::string& name, const DeclaredValue& value) {
    one.parameters.push_back({name, value.value});
    if (!value.summary.empty()) one.summary = value.summary;
    one.requirements.insert(one.requirements.end(), value.requirements.begin(),
                            value.requirements.end());
    if (value.first_torch && (!one.first_torch || *one.first_torch < *value.first_torch))
        one.first_torch = value.first_torch;
    return one;
}

SpeltParameters spelt(const Case& one) {
    SpeltParameters all;
    for (const Parameter& each : one.parameters)
        all.emplace_back(each.name, to_string(each.value));
    return all;
}

/// Takes out what the exclusions name. Mistakes: one that names nothing that is left, and none
/// left at all.
void exclude(std::vector<Case>& cases, std::vector<Exclusion>& exclusions, Mistakes& mistakes) {
    for (Exclusion& each : exclusions) {
        if (each.conditions.empty()) continue;
        each.cases = std::erase_if(
            cases, [&](const Case& one) { return holds(each.conditions, spelt(one)); });
        if (each.cases > 0) continue;
        mistakes.add(each.line, "[[excluded]] excludes what is excluded above already",
                     "remove one of them");
    }
    if (cases.empty() && !exclusions.empty()) {
        mistakes.add(exclusions.front().line, "[[excluded]] leaves no combination of parameters",
                     "remove a value instead of excluding all that it goes with");
    }
}

}  // namespace

std::vector<DeclaredParameter> read_parameters(const Entry& entry, Mistakes& mistakes) {
    std::vector<DeclaredParameter> parameters;
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return parameters;
    if (table->empty())
        mistakes.add(entry.line, "[parameters] declares no parameter",
                     std::string(example_of_values));
    for (const Entry& part : entries_of(*table)) {
        if (!is_identifier(part.name)) {
            mistakes.add(part.line,
                         fmt::format("\"{}\" cannot be the name of a parameter", part.name),
                         "use letters, digits and '_', and start with a letter");
        }
        parameters.push_back({part.name, read_values_of(part, mistakes)});
    }
    return parameters;
}

std::vector<Case> cases_with(const Case& one, const std::vector<DeclaredParameter>& parameters,
                             const Entry* excluded, Mistakes& mistakes) {
    std::vector<Exclusion> exclusions = read_exclusions(excluded, parameters, mistakes);
    std::vector<Case> cases{one};
    for (const DeclaredParameter& parameter : parameters) {
        std::vector<Case> more;
        for (const Case& each : cases) {
            for (const DeclaredValue& value : parameter.values)
                more.push_back(with(each, parameter.name, value));
        }
        cases = std::move(more);
    }
    if (!cases.empty()) exclude(cases, exclusions, mistakes);
    for (Case& each : cases)
        each.name += in_brackets(each.parameters);
    return cases;
}

void check_conditions(const std::string& pattern, int line, const std::string& what,
                      const std::vector<DeclaredParameter>& parameters, Mistakes& mistakes) {
    for (const auto& [name, value] : parse_pattern(pattern).conditions) {
        const DeclaredParameter* parameter = find(parameters, name);
        if (parameter == nullptr) {
            mistakes.add(line, fmt::format("{} names the unknown parameter \"{}\"", what, name),
                         parameters.empty() ? "the case has no parameters"
                                            : suggestion(name, names_of(parameters)));
            continue;
        }
        const std::vector<std::string> values = spelt_values_of(*parameter);
        const bool has_such = std::any_of(
            values.begin(), values.end(),
            [&value = value](const std::string& each) { return glob_matches(value, each); });
        if (has_such) continue;
        mistakes.add(line,
                     fmt::format("{} names {} = {}, which is not declared", what, name, value),
                     suggestion(value, values));
    }
}

}  // namespace exportgate::matrix
