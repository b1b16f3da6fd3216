#include "matrix/expected_stage_toml.h"

#include <fmt/format.h>

#include <algorithm>

#include "matrix/name_pattern.h"

namespace exportgate::matrix {
namespace {

/// "" and a mistake where the value is no stage before the export.
std::string read_stage(const Entry& entry, Mistakes& mistakes) {
    const auto& stages = stages_before_export();
    const auto* text = entry.value->as_string();
    if (text == nullptr) {
        mistakes.add(
            entry.line,
            fmt::format("\"{}\" is {}, expected a stage", entry.name, kind_of(*entry.value)),
            "write expected_stage = \"register\", or { plain = \"register\" }");
        return "";
    }
    if (std::find(stages.begin(), stages.end(), text->get()) != stages.end()) return text->get();
    mistakes.add(entry.line, fmt::format("\"{}\" is no stage before the export", text->get()),
                 suggestion(text->get(), stages));
    return "";
}

void expect(std::vector<Case>& cases, const std::vector<Kind>& kinds,
            const SpeltParameters& conditions, const std::string& stage) {
    for (Case& one : cases) {
        if (!holds(conditions, parse_case_name(one.name).parameters)) continue;
        for (const Kind kind : kinds)
            one.expected_stages[kind] = stage;
    }
}

}  // namespace

void read_expected_stages(const Entry& entry, const std::vector<DeclaredParameter>& parameters,
                          std::vector<Case>& cases, Mistakes& mistakes) {
    if (cases.empty()) return;  // the mistake was reported
    const std::vector<Kind> kinds = cases.front().kinds;
    const auto* table = entry.value->as_table();
    if (table == nullptr) return expect(cases, kinds, {}, read_stage(entry, mistakes));
    std::vector<std::string> names;
    for (const Kind kind : kinds)
        names.push_back(to_string(kind));
    for (const Entry& part : entries_of(*table)) {
        check_conditions(part.name, part.line, "expected_stage", parameters, mistakes);
        const NamePattern asked = parse_pattern(part.name);
        std::string_view kind = asked.glob;
        if (asked.has_brackets && kind.starts_with('/')) kind.remove_prefix(1);
        const std::string stage = read_stage(part, mistakes);
        if (asked.has_brackets && kind.empty()) {
            expect(cases, kinds, asked.conditions, stage);
            continue;
        }
        const auto found = std::find(names.begin(), names.end(), kind);
        if (found == names.end()) {
            mistakes.add(
                part.line,
                fmt::format("expected_stage names \"{}\", which is no kind of the case", kind),
                suggestion(kind, names));
            continue;
        }
        expect(cases, {kinds[static_cast<std::size_t>(found - names.begin())]}, asked.conditions,
               stage);
    }
}

}  // namespace exportgate::matrix
