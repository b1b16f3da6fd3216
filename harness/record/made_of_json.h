// What observations were made of, in a record file. The cells of a case mostly share what they were
// made of, so the header has a table of it, and each observation the number of its row.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "record/json_input.h"
#include "record/made_of.h"

namespace exportgate::record {

/// The table of a record that is written.
class IngredientsWriter {
  public:
    /// The row of `parts`, which is added where it is not there.
    std::size_t row(const Ingredients& parts);

    /// Adds "parts", [[kind, name, digest], ...], and "rows", lists of places in it.
    void add_to(nlohmann::ordered_json& made_of) const;

  private:
    std::map<Ingredient, std::size_t> parts_;
    std::map<std::vector<std::size_t>, std::size_t> rows_;
};

/// The table of a record that is read.
struct IngredientsTable {
    std::vector<Ingredients> rows;
};

nlohmann::ordered_json json_of(const MadeOf& made_of);

/// Notes a mistake where it is not what json_of() and IngredientsWriter made.
MadeOf made_of_from(Json& json, IngredientsTable& table, Mistake& mistake);

}  // namespace exportgate::record
