#include "outcome/implied_guards.h"

#include "graph/graph.h"
#include "outcome/dims_check.h"
#include "outcome/guards.h"
#include "record/facts.h"
#include "record/observed_schemas.h"

namespace exportgate::outcome {

std::optional<std::vector<std::string>> implied_guards(const record::Observation& observation,
                                                       const matrix::Case& asked,
                                                       const matrix::Cell& cell) {
    const auto* exported = std::get_if<record::Exported>(&observation.result);
    if (exported == nullptr || exported->facts.empty()) return std::nullopt;
    const auto facts = record::parse_facts(exported->facts, observation.cell);
    if (!facts || facts->revision != record::facts_revision || !facts->guards) return std::nullopt;
    const auto program =
        graph::canonicalise(exported->print, observation.cell, requested_dims(asked, cell.dims),
                            record::observed_schemas(*exported));
    if (!program) return std::nullopt;
    std::vector<std::string> lines;
    for (const auto& guard : guards_of(*facts->guards, *program, asked)) {
        if (guard.is_implied) lines.push_back(guard.text);
    }
    return lines;
}

}  // namespace exportgate::outcome
