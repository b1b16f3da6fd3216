#include <nlohmann/json.hpp>

#include "report/releases_page.h"

namespace exportgate::report {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson row_json(const TableRow& row) {
    OrderedJson cells = OrderedJson::array();
    for (const auto& set : row.cells) {
        cells.push_back({{"kind", set.parts[0]},
                         {"mode", set.parts[1]},
                         {"dims", set.parts[2]},
                         {"pair", set.parts[3]}});
    }
    OrderedJson entries = OrderedJson::array();
    for (const auto& entry : row.entries) {
        entries.push_back({{"letter", std::string(1, entry.letter)},
                           {"variant", entry.variant},
                           {"note", entry.note}});
    }
    return {{"cells", cells}, {"count", row.count}, {"entries", entries}};
}

}  // namespace

std::string releases_json(const ReleasesTable& table) {
    OrderedJson cases = OrderedJson::array();
    for (const auto& block : table.blocks) {
        OrderedJson columns = OrderedJson::array();
        for (const auto& column : block.columns) {
            OrderedJson releases = OrderedJson::array();
            for (std::size_t release = column.first; release <= column.last; ++release)
                releases.push_back(table.releases[release]);
            columns.push_back(releases);
        }
        OrderedJson rows = OrderedJson::array();
        for (const auto& row : block.rows)
            rows.push_back(row_json(row));
        cases.push_back({{"name", block.case_name}, {"columns", columns}, {"rows", rows}});
    }
    const OrderedJson all = {{"format", 1},
                             {"cells", table.cells},
                             {"releases", table.releases},
                             {"cases", cases},
                             {"notes", table.notes}};
    return all.dump(2) + "\n";
}

}  // namespace exportgate::report
