#include "report/given_away.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/printable.h"
#include "base/text.h"
#include "record/check_table.h"
#include "report/cell_sets.h"
#include "report/check_reasons.h"

namespace exportgate::report {
namespace {

using document::Document;
using document::Heading;
using document::List;
using document::Table;
using outcome::CheckResult;
using outcome::CheckStatus;

const CheckResult* result_of(const verdict::CellSeen& seen, std::string_view consumer) {
    if (!seen.outcome) return nullptr;
    const auto& checks = seen.outcome->checks;
    const auto found = std::find_if(checks.begin(), checks.end(),
                                    [&](const auto& check) { return check.name == consumer; });
    return found == checks.end() ? nullptr : &*found;
}

Given came_of(CheckStatus status) {
    switch (status) {
        case CheckStatus::pass:
            return Given::taken;
        case CheckStatus::fail:
            return Given::failed;
        case CheckStatus::not_applicable:
            return Given::not_available;
    }
    return Given::failed;
}

GivenEntry entry_of(const CheckResult* result, const matrix::Cell& cell,
                    const matrix::Case& declared) {
    if (result == nullptr) return {};
    if (result->status == CheckStatus::not_applicable)
        return {Given::not_available, printable(join(result->reasons, "; "))};
    return {came_of(result->status),
            printable(text_of(said_reasons(*result, cell.pair, declared.pairs)))};
}

std::vector<GivenColumn> columns_of(std::span<const verdict::Release> releases) {
    std::vector<GivenColumn> columns;
    for (const record::Check& check : record::check_table) {
        if (!check.is_consumer) continue;
        for (std::size_t release = 0; release < releases.size(); ++release) {
            const auto& cells = releases[release].cells;
            const bool is_given = std::any_of(cells.begin(), cells.end(), [&](const auto& seen) {
                return result_of(seen, check.name) != nullptr;
            });
            if (is_given) columns.push_back({std::string(check.name), release});
        }
    }
    return columns;
}

/// The case is in a column of its own.
std::vector<std::string> sets_of(std::span<const matrix::Cell> some,
                                 std::span<const matrix::Cell> all) {
    std::vector<std::string> sets = describe(some, all);
    for (std::string& set : sets)
        set.erase(0, set.find('/') + 1);
    return sets;
}

/// A number for each text, in the order in which they come.
class Notes {
  public:
    std::size_t number_of(const std::string& text) {
        const auto [at, is_new] = numbers_.try_emplace(text, texts_.size() + 1);
        if (is_new) texts_.push_back(text);
        return at->second;
    }
    const std::vector<std::string>& texts() const {
        return texts_;
    }

  private:
    std::map<std::string, std::size_t> numbers_;
    std::vector<std::string> texts_;
};

}  // namespace

GivenAway given_away(std::span<const matrix::Case> cases, std::span<const matrix::Cell> cells,
                     std::span<const verdict::Release> releases) {
    GivenAway all{columns_of(releases), {}};
    if (all.columns.empty()) return all;
    struct Row {
        std::vector<GivenEntry> entries;
        std::vector<matrix::Cell> cells;
    };
    for (const matrix::Case& declared : cases) {
        std::vector<Row> rows;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i].case_name != declared.name) continue;
            std::vector<GivenEntry> entries;
            for (const GivenColumn& column : all.columns) {
                const auto* result =
                    result_of(releases[column.release].cells.at(i), column.consumer);
                entries.push_back(entry_of(result, cells[i], declared));
            }
            const GivenEntry nothing;
            if (std::all_of(entries.begin(), entries.end(),
                            [&](const auto& entry) { return entry == nothing; }))
                continue;
            auto row = std::find_if(rows.begin(), rows.end(),
                                    [&](const auto& each) { return each.entries == entries; });
            if (row == rows.end()) row = rows.insert(row, {std::move(entries), {}});
            row->cells.push_back(cells[i]);
        }
        for (Row& row : rows)
            all.rows.push_back({declared.name, sets_of(row.cells, cells), std::move(row.entries)});
    }
    return all;
}

std::string_view word_of(Given came) {
    switch (came) {
        case Given::not_given:
            return "";
        case Given::taken:
            return "taken";
        case Given::failed:
            return "fails";
        case Given::not_available:
            return "n/a";
    }
    return "";
}

std::string heading(const GivenColumn& column, std::span<const std::string> releases) {
    return fmt::format("{}, torch {}", column.consumer, releases[column.release]);
}

document::Document given_away_document(const GivenAway& given,
                                       std::span<const std::string> releases) {
    if (given.columns.empty()) return {};
    Document document{Heading{2, {{"Where it goes"}}},
                      document::line("Taken: the consumer returns what the model returns at every "
                                     "pair, and refuses what the program refuses. Blank: it was "
                                     "not given to it, or it did not export.")};
    Table table{{{{{"case"}}}, {{{"cells"}}}}, {}};
    for (const GivenColumn& column : given.columns)
        table.columns.push_back({{{heading(column, releases)}}});
    Notes notes;
    for (const GivenRow& row : given.rows) {
        auto& cells = table.rows.emplace_back();
        cells.push_back({{{row.case_name}}});
        document::Text sets;
        for (const std::string& set : row.cells) {
            if (!sets.empty()) sets.push_back({", "});
            sets.push_back(document::literal(set));
        }
        cells.push_back({std::move(sets)});
        for (const GivenEntry& entry : row.entries) {
            document::Text text{{std::string(word_of(entry.came)), entry.came == Given::failed
                                                                       ? document::Style::strong
                                                                       : document::Style::plain}};
            if (!entry.reasons.empty())
                text.push_back({fmt::format(" [{}]", notes.number_of(entry.reasons))});
            cells.push_back({std::move(text)});
        }
    }
    document.emplace_back(std::move(table));
    if (!notes.texts().empty())
        document.emplace_back(List{document::plain_items(notes.texts()), true});
    return document;
}

}  // namespace exportgate::report
