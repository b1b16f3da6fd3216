#include "matrix/expected_stage_toml.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

std::map<Kind, std::string> read_expected_stages(const Entry& entry, const std::vector<Kind>& kinds,
                                                 Mistakes& mistakes) {
    std::map<Kind, std::string> expected;
    const auto* table = entry.value->as_table();
    if (table == nullptr) {
        const std::string stage = read_stage(entry, mistakes);
        for (const Kind kind : kinds)
            expected.emplace(kind, stage);
        return expected;
    }
    std::vector<std::string> names;
    for (const Kind kind : kinds)
        names.push_back(to_string(kind));
    for (const Entry& part : entries_of(*table)) {
        const auto found = std::find(names.begin(), names.end(), part.name);
        if (found == names.end()) {
            mistakes.add(
                part.line,
                fmt::format("expected_stage names \"{}\", which is no kind of the case", part.name),
                suggestion(part.name, names));
            continue;
        }
        expected.emplace(kinds[static_cast<std::size_t>(found - names.begin())],
                         read_stage(part, mistakes));
    }
    return expected;
}

}  // namespace exportgate::matrix
