#include <nlohmann/json.hpp>

#include "report/releases_page.h"

namespace exportgate::report {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson row_json(const ReleasesRow& row) {
    OrderedJson cells = OrderedJson::array();
    for (const auto& set : row.cells) {
        cells.push_back({{"kind", set.parts[1]},
                         {"mode", set.parts[2]},
                         {"dims", set.parts[3]},
                         {"pair", set.parts[4]}});
        if (!set.parts[0].empty()) cells.back()["values"] = set.parts[0];
    }
    OrderedJson entries = OrderedJson::array();
    for (const auto& entry : row.entries) {
        entries.push_back({{"letter", std::string(1, entry.letter)},
                           {"variant", entry.variant},
                           {"note", entry.note}});
    }
    return {{"cells", cells}, {"count", row.count}, {"entries", entries}};
}

std::vector<std::string> names_of(const ReleasesTable& table, const TableColumn& column) {
    return {table.releases.begin() + static_cast<std::ptrdiff_t>(column.first),
            table.releases.begin() + static_cast<std::ptrdiff_t>(column.last) + 1};
}

OrderedJson check_json(const ReleasesTable& table, const CheckRow& row) {
    OrderedJson reasons = OrderedJson::array();
    for (const auto& reason : row.reasons) {
        OrderedJson where = OrderedJson::array();
        for (const auto& cells : reason.where) {
            where.push_back({{"releases", names_of(table, cells.releases)},
                             {"count", cells.count},
                             {"cells", cells.cells}});
        }
        reasons.push_back({{"what", reason.what}, {"place", reason.place}, {"where", where}});
    }
    return {{"name", row.name},
            {"failing", row.failing},
            {"decided", row.decided},
            {"carried_out", row.carried_out},
            {"reasons", reasons}};
}

}  // namespace

std::string releases_json(const ReleasesTable& table) {
    OrderedJson cases = OrderedJson::array();
    for (const auto& block : table.blocks) {
        OrderedJson columns = OrderedJson::array();
        for (const auto& column : block.columns)
            columns.push_back(names_of(table, column));
        OrderedJson rows = OrderedJson::array();
        for (const auto& row : block.rows)
            rows.push_back(row_json(row));
        cases.push_back({{"name", block.case_name}, {"columns", columns}, {"rows", rows}});
    }
    OrderedJson checks = OrderedJson::array();
    for (const auto& row : table.checks.rows)
        checks.push_back(check_json(table, row));
    OrderedJson programs = OrderedJson::array();
    for (const auto& part : table.programs)
        programs.push_back({{"headline", part.headline}, {"details", part.details}});
    const OrderedJson all = {
        {"format", 1},      {"cells", table.cells}, {"releases", table.releases},
        {"cases", cases},   {"notes", table.notes}, {"exported", table.checks.exported},
        {"checks", checks}, {"programs", programs}};
    return all.dump(2) + "\n";
}

}  // namespace exportgate::report
