#include "record/made_of_json.h"

#include <algorithm>
#include <array>

namespace exportgate::record {
namespace {

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

}  // namespace

std::string_view to_string(IngredientKind kind) {
    return kinds.at(static_cast<std::size_t>(kind));
}

std::int64_t IngredientsTable::row(const Ingredients& parts) {
    std::vector<std::size_t> row;
    for (const Ingredient& part : parts) {
        const auto [place, is_new] = places_.emplace(part, parts_.size());
        if (is_new) parts_.push_back(part);
        row.push_back(place->second);
    }
    const auto [number, is_new] = numbers_.emplace(row, rows_.size());
    if (is_new) rows_.push_back(std::move(row));
    return static_cast<std::int64_t>(number->second);
}

std::optional<Ingredients> IngredientsTable::at(std::int64_t row) const {
    if (row < 0 || static_cast<std::size_t>(row) >= rows_.size()) return std::nullopt;
    Ingredients parts;
    for (const std::size_t place : rows_[static_cast<std::size_t>(row)])
        parts.push_back(parts_[place]);
    std::sort(parts.begin(), parts.end());
    return parts;
}

void PartsAndRows::read(Reader& reader, IngredientsTable& table) {
    for (const Json& part : reader.array("parts"))
        table.parts_.push_back(ingredient_from(part, reader.mistake()));
    for (const Json& row : reader.array("rows")) {
        const bool is_row =
            row.is_array() && std::all_of(row.begin(), row.end(), [&](const Json& each) {
                return each.is_number_unsigned() && each.get<std::size_t>() < table.parts_.size();
            });
        if (!is_row) {
            reader.note("an element of \"rows\" is not a list of places in \"parts\"");
            continue;
        }
        table.rows_.push_back(row.get<std::vector<std::size_t>>());
    }
}

void PartsAndRows::write(Ordered& json, const IngredientsTable& table) {
    json["parts"] = Ordered::array();
    for (const Ingredient& part : table.parts_)
        json["parts"].push_back({to_string(part.kind), part.name, part.digest});
    json["rows"] = table.rows_;
}

}  // namespace exportgate::record
