#include "matrix/settings_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "matrix/names.h"

namespace exportgate::matrix {
namespace {

/// The strings of an array with the lines in which they stand.
std::vector<std::pair<std::string, int>> read_strings(const Entry& entry, std::string_view example,
                                                      Mistakes& mistakes) {
    std::vector<std::pair<std::string, int>> texts;
    const toml::array* array = read_array(entry, mistakes);
    if (array == nullptr) return texts;
    for (const toml::node& node : *array) {
        if (const auto* text = node.as_string()) {
            texts.emplace_back(text->get(), line_of(node));
        } else {
            mistakes.add(
                line_of(node),
                fmt::format("\"{}\" holds {}, expected strings", entry.name, kind_of(node)),
                fmt::format("write {} = [\"{}\"]", entry.name, example));
        }
    }
    return texts;
}

bool is_module_name(const std::string& name) {
    const std::vector<std::string_view> parts = split(name, '.');
    return std::all_of(parts.begin(), parts.end(),
                       [](std::string_view part) { return is_identifier(part); });
}

double read_bound(const Entry& entry, Mistakes& mistakes) {
    const std::optional<double> value = entry.value->value<double>();
    if (value && *value >= 0 && std::isfinite(*value)) return *value;
    mistakes.add(entry.line,
                 fmt::format("\"{}\" of the tolerance is not a number from 0 up", entry.name),
                 "write tolerance = { rtol = 1e-4, atol = 1e-5 }");
    return 0;
}

}  // namespace

std::optional<Tolerance> read_tolerance(const Entry& entry, Mistakes& mistakes) {
    static const std::vector<std::string> keys{"rtol", "atol"};
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return std::nullopt;
    Tolerance tolerance;
    for (const Entry& part : entries_of(*table)) {
        if (part.name == "rtol") {
            tolerance.relative = read_bound(part, mistakes);
            if (tolerance.relative >= 1)
                mistakes.add(part.line,
                             fmt::format("with an rtol of {} a program that returns zeros is right",
                                         tolerance.relative),
                             "write an rtol below 1, such as 1e-4");
        } else if (part.name == "atol") {
            tolerance.absolute = read_bound(part, mistakes);
        } else {
            mistakes.add(part.line, fmt::format("unknown key \"{}\" of the tolerance", part.name),
                         suggestion(part.name, keys));
        }
    }
    for (const std::string& key : keys) {
        if (table->contains(key)) continue;
        mistakes.add(entry.line, fmt::format("the tolerance has no \"{}\"", key),
                     "torch.testing takes both or none: tolerance = { rtol = 1e-4, atol = 1e-5 }");
    }
    return tolerance;
}

std::optional<TorchVersion> read_release(const Entry& entry, Mistakes& mistakes) {
    const std::string text = read_string(entry, mistakes);
    if (!entry.value->is_string()) return std::nullopt;
    auto version = TorchVersion::parse(text);
    if (version) return *std::move(version);
    mistakes.add(entry.line, version.error().what, version.error().remedy);
    return std::nullopt;
}

std::vector<Requirement> read_requirements(const Entry& entry, Mistakes& mistakes) {
    std::vector<Requirement> requirements;
    for (const auto& [text, line] : read_strings(entry, "transformers>=5.20", mistakes)) {
        Result<Requirement> requirement = parse_requirement(text);
        if (requirement) {
            requirements.push_back(*std::move(requirement));
        } else {
            mistakes.add(line, requirement.error().what, requirement.error().remedy);
        }
    }
    return requirements;
}

std::vector<std::string> read_preload(const Entry& entry, Mistakes& mistakes) {
    std::vector<std::string> modules;
    for (const auto& [name, line] : read_strings(entry, "transformers", mistakes)) {
        if (is_module_name(name)) {
            modules.push_back(name);
        } else {
            mistakes.add(line, fmt::format("\"{}\" is not the name of a Python module", name));
        }
    }
    std::sort(modules.begin(), modules.end());
    modules.erase(std::unique(modules.begin(), modules.end()), modules.end());
    return modules;
}

std::map<std::string, ExportOption> read_export_options(const Entry& entry, Mistakes& mistakes) {
    std::map<std::string, ExportOption> options;
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return options;
    const auto& names = export_option_names();
    for (const Entry& part : entries_of(*table)) {
        const bool takes_names = part.name == "preserve_module_call_signature";
        if (std::find(names.begin(), names.end(), part.name) == names.end()) {
            mistakes.add(part.line,
                         fmt::format("unknown option \"{}\" of torch.export.export", part.name),
                         suggestion(part.name, names));
        } else if (takes_names) {
            std::vector<std::string> modules;
            for (auto& [name, line] : read_strings(part, "layers.0", mistakes))
                modules.push_back(std::move(name));
            options[part.name] = std::move(modules);
        } else if (const auto* truth = part.value->as_boolean()) {
            options[part.name] = truth->get();
        } else {
            mistakes.add(part.line, fmt::format("{} is {}, expected true or false", part.name,
                                                kind_of(*part.value)));
        }
    }
    return options;
}

std::map<std::string, std::string> read_rounds(const Entry& entry, Mistakes& mistakes) {
    std::map<std::string, std::string> rounds;
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return rounds;
    const auto& names = round_names();
    for (const Entry& part : entries_of(*table)) {
        const auto* reason = part.value->as_string();
        if (std::find(names.begin(), names.end(), part.name) == names.end()) {
            mistakes.add(part.line, fmt::format("unknown round \"{}\"", part.name),
                         suggestion(part.name, names));
        } else if (reason == nullptr || reason->get().find_first_not_of(' ') == std::string::npos ||
                   reason->get().find('\n') != std::string::npos) {
            mistakes.add(
                part.line, fmt::format("the round \"{}\" is left out without a reason", part.name),
                fmt::format("write one line: rounds = {{ {} = \"the values are indices\" }}",
                            part.name));
        } else {
            rounds[part.name] = reason->get();
        }
    }
    return rounds;
}

std::vector<std::string> read_consumers(const Entry& entry, Mistakes& mistakes) {
    std::vector<std::string> named;
    const auto& names = consumer_names();
    for (const auto& [name, line] : read_strings(entry, names.front(), mistakes)) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            mistakes.add(line, fmt::format("unknown consumer \"{}\"", name),
                         suggestion(name, names));
        } else {
            named.push_back(name);
        }
    }
    return all_consumers(named, {});
}

}  // namespace exportgate::matrix
