#include "record/made_of_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace exportgate::record {

namespace {

using Ordered = nlohmann::ordered_json;

// In the order of IngredientKind.
constexpr std::array<std::string_view, 5> kinds{"file", "modules", "names", "variable", "unknown"};

Ingredient ingredient_from(const Json& json, Mistake& mistake) {
    const bool is_part =
        json.is_array() && json.size() == 3 &&
        std::all_of(json.begin(), json.end(), [](const Json& each) { return each.is_string(); });
    const auto kind =
        is_part ? std::find(kinds.begin(), kinds.end(), json[0].get<std::string>()) : kinds.end();
    if (kind == kinds.end()) {
        mistake.note("an element of \"parts\" is not [kind, name, digest]");
        return {};
    }
    return {static_cast<IngredientKind>(kind - kinds.begin()), json[1].get<std::string>(),
            json[2].get<std::string>()};
}

Ingredients row_from(const Json& json, const std::vector<Ingredient>& parts, Mistake& mistake) {
    Ingredients row;
    const bool is_row =
        json.is_array() && std::all_of(json.begin(), json.end(), [&](const Json& each) {
            return each.is_number_unsigned() && each.get<std::size_t>() < parts.size();
        });
    if (!is_row) {
        mistake.note("an element of \"rows\" is not a list of places in \"parts\"");
        return row;
    }
    for (const Json& place : json)
        row.push_back(parts[place.get<std::size_t>()]);
    std::sort(row.begin(), row.end());
    return row;
}

}  // namespace

std::string_view to_string(IngredientKind kind) {
    return kinds.at(static_cast<std::size_t>(kind));
}

std::size_t IngredientsWriter::row(const Ingredients& parts) {
    std::vector<std::size_t> places;
    for (const Ingredient& part : parts)
        places.push_back(parts_.emplace(part, parts_.size()).first->second);
    return rows_.emplace(std::move(places), rows_.size()).first->second;
}

void IngredientsWriter::add_to(Ordered& made_of) const {
    std::vector<Ordered> parts(parts_.size());
    for (const auto& [part, place] : parts_)
        parts[place] = Ordered{to_string(part.kind), part.name, part.digest};
    std::vector<Ordered> rows(rows_.size());
    for (const auto& [places, at] : rows_)
        rows[at] = places;
    made_of["parts"] = std::move(parts);
    made_of["rows"] = std::move(rows);
}

Ordered json_of(const MadeOf& made_of) {
    const auto finite = [](double seconds) { return std::isfinite(seconds) ? seconds : 0.0; };
    return {{"worker", made_of.worker},
            {"environment", made_of.environment},
            {"cases", made_of.cases},
            {"timeout_s", finite(made_of.timeout_s)},
            {"check_timeout_s", finite(made_of.check_timeout_s)}};
}

MadeOf made_of_from(Json& json, IngredientsTable& table, Mistake& mistake) {
    Object object(json, "\"made_of\"", mistake);
    MadeOf made_of;
    made_of.worker = object.string("worker");
    made_of.environment = object.string("environment");
    made_of.cases = object.strings_by_name("cases");
    made_of.timeout_s = object.number("timeout_s");
    made_of.check_timeout_s = object.number("check_timeout_s");
    std::vector<Ingredient> parts;
    for (const Json& part : object.array("parts"))
        parts.push_back(ingredient_from(part, mistake));
    for (const Json& row : object.array("rows"))
        table.rows.push_back(row_from(row, parts, mistake));
    object.finish();
    return made_of;
}

}  // namespace exportgate::record
