#include "base/printable.h"
#include "page/figures.h"

namespace exportgate::page {
namespace {

using report::Json;

Json lines(const std::vector<std::string>& texts) {
    Json json = Json::array();
    for (const auto& text : texts)
        json.push_back(printable(text));
    return json;
}

Json table_json(const FigureTable& table) {
    Json json{{"caption", printable(table.caption)},
              {"headers", table.headers},
              {"columns", lines(table.columns)},
              {"rows", Json::array()}};
    for (const auto& row : table.rows)
        json["rows"].push_back({{"cells", lines(row.cells)}, {"mark", row.mark}});
    return json;
}

Json block_json(const FigureBlock& block) {
    Json json{{"heading", printable(block.heading)},
              {"open", block.open},
              {"figures", Json::array()},
              {"table", table_json(block.table)}};
    for (const auto& figure : block.figures) {
        json["figures"].push_back({{"name", figure.name},
                                   {"title", printable(figure.title)},
                                   {"wide", std::holds_alternative<Ratios>(figure.content)}});
    }
    return json;
}

}  // namespace

Json json_of(const BenchmarkPart& part) {
    Json json{{"title", printable(part.title)},
              {"facts", lines(part.facts)},
              {"cautions", lines(part.cautions)},
              {"verdict", printable(part.verdict)},
              {"exit_code", part.exit_code},
              {"blocks", Json::array()},
              {"not_available", lines(part.not_available)}};
    for (const auto& block : part.blocks)
        json["blocks"].push_back(block_json(block));
    return json;
}

}  // namespace exportgate::page
