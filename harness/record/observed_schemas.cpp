#include "record/observed_schemas.h"

#include <nlohmann/json.hpp>

namespace exportgate::record {

std::map<std::string, std::string, std::less<>> observed_schemas(const Exported& exported) {
    std::map<std::string, std::string, std::less<>> schemas;
    if (exported.facts.empty()) return schemas;
    const auto facts = nlohmann::json::parse(exported.facts, nullptr, false);
    const auto found = facts.is_object() ? facts.find("schemas") : facts.end();
    if (found == facts.end() || !found->is_object()) return schemas;
    for (const auto& [name, schema] : found->items()) {
        if (schema.is_string()) schemas.emplace(name, schema.get<std::string>());
    }
    return schemas;
}

}  // namespace exportgate::record
