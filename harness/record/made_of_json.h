// What observations were made of, in a record file. The cells of a case mostly share what they were
// made of, so the header has a table of it, and each observation the number of its row.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "record/described.h"
#include "record/made_of.h"

namespace exportgate::record {

class IngredientsTable {
  public:
    /// The row of `parts`, which is added where it is not there.
    std::int64_t row(const Ingredients& parts);

    /// Nothing where there is no such row.
    std::optional<Ingredients> at(std::int64_t row) const;

  private:
    friend struct PartsAndRows;

    std::vector<Ingredient> parts_;
    std::vector<std::vector<std::size_t>> rows_;
    std::map<Ingredient, std::size_t> places_;  // both only of a table that is written
    std::map<std::vector<std::size_t>, std::size_t> numbers_;
};

/// "parts", [[kind, name, digest], ...], and "rows", lists of places in it.
struct PartsAndRows {
    static void read(Reader& reader, IngredientsTable& table);
    static void write(Ordered& json, const IngredientsTable& table);
};

template <>
inline constexpr auto described<MadeOf> = Fields("\"made_of\"", [](auto& of, auto& it,
                                                                   auto& table) {
    of.required("worker", it.worker);
    of.required("environment", it.environment);
    of.required("cases", it.cases);
    of.required("timeout_s", it.timeout_s);
    of.required("check_timeout_s", it.check_timeout_s);
    of.by_hand(table, PartsAndRows());
});

}  // namespace exportgate::record
