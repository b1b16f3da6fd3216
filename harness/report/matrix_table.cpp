#include "report/matrix_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <vector>

namespace exportgate::report {
namespace {

using outcome::CheckStatus;
using outcome::Status;
using verdict::Judgement;
using verdict::Verdict;

constexpr std::size_t gap = 2;       // between columns
constexpr std::size_t mode_gap = 2;  // more between modes

/// One column of the table: a mode and a dims style.
struct Column {
    matrix::Mode mode{};
    matrix::DimsStyle dims{};

    bool operator==(const Column&) const = default;
};

/// The judgements of one case, as a table.
struct Block {
    std::string case_name;
    std::vector<matrix::Kind> kinds;
    std::vector<Column> columns;
    std::vector<std::string> pairs;
    std::map<std::tuple<int, int, int, std::string>, const Judgement*> cells;

    const Judgement* find(matrix::Kind kind, const Column& column, const std::string& pair) const {
        const auto found = cells.find({static_cast<int>(kind), static_cast<int>(column.mode),
                                       static_cast<int>(column.dims), pair});
        return found == cells.end() ? nullptr : found->second;
    }
    std::size_t width(const Column& column) const {
        return std::max(matrix::to_string(column.dims).size(), 2 * pairs.size()) + gap;
    }
};

template <class T>
void add_once(std::vector<T>& values, const T& value) {
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

std::vector<Block> blocks_of(std::span<const Judgement> judgements) {
    std::vector<Block> blocks;
    std::map<std::string, std::size_t> places;
    for (const auto& judgement : judgements) {
        const auto& cell = judgement.cell;
        const auto [place, is_new] = places.emplace(cell.case_name, blocks.size());
        if (is_new) blocks.push_back({cell.case_name, {}, {}, {}, {}});
        auto& block = blocks[place->second];
        add_once(block.kinds, cell.kind);
        add_once(block.columns, Column{cell.mode, cell.dims});
        add_once(block.pairs, cell.pair);
        block.cells[{static_cast<int>(cell.kind), static_cast<int>(cell.mode),
                     static_cast<int>(cell.dims), cell.pair}] = &judgement;
    }
    for (auto& block : blocks) {
        std::stable_sort(block.columns.begin(), block.columns.end(),
                         [](const Column& a, const Column& b) {
                             return std::pair(a.mode, a.dims) < std::pair(b.mode, b.dims);
                         });
    }
    return blocks;
}

std::size_t width_of(const Block& block, std::span<const Column> columns) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        width += block.width(columns[i]) +
                 (i > 0 && columns[i].mode != columns[i - 1].mode ? mode_gap : 0);
    }
    return width;
}

/// Columns that stand beside each other: all of them where they fit, else those of one mode, else
/// as many as fit.
std::vector<std::vector<Column>> bands_of(const Block& block, std::size_t width) {
    if (width_of(block, block.columns) <= width) return {block.columns};
    std::vector<std::vector<Column>> bands;
    for (const auto& column : block.columns) {
        bool fits = !bands.empty() && bands.back().back().mode == column.mode;
        if (fits) {
            auto longer = bands.back();
            longer.push_back(column);
            fits = width_of(block, longer) <= width;
        }
        if (fits) {
            bands.back().push_back(column);
        } else {
            bands.push_back({column});
        }
    }
    return bands;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

std::string without_trailing_spaces(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

/// The letters of one kind in one column: per pair a letter and a mark, a space where all is as
/// expected.
std::string symbols(const Block& block, matrix::Kind kind, const Column& column,
                    const Paint& paint) {
    std::string text;
    for (const auto& pair : block.pairs) {
        const auto* judgement = block.find(kind, column, pair);
        if (!judgement) {
            text += "  ";
            continue;
        }
        const bool marked =
            judgement->verdict != Verdict::as_expected && judgement->verdict != Verdict::unobserved;
        const std::string symbol{letter(*judgement)};
        text +=
            paint.of(judgement->verdict,
                     symbol + std::string(marked ? verdict::info(judgement->verdict).symbol : " "));
    }
    return text + std::string(block.width(column) - 2 * block.pairs.size(), ' ');
}

std::string band_text(const Block& block, const std::vector<Column>& columns,
                      std::size_t kind_width, const Paint& paint) {
    const auto space_before = [&](std::size_t i) {
        return std::string(i > 0 && columns[i].mode != columns[i - 1].mode ? mode_gap : 0, ' ');
    };
    std::string modes(kind_width, ' ');
    std::string styles(kind_width, ' ');
    for (std::size_t i = 0; i < columns.size(); ++i) {
        styles += space_before(i);
        if (i == 0 || columns[i].mode != columns[i - 1].mode)
            modes = padded(modes, styles.size()) + matrix::to_string(columns[i].mode);
        styles += padded(matrix::to_string(columns[i].dims), block.width(columns[i]));
    }
    std::string text =
        without_trailing_spaces(modes) + '\n' + paint.faint(without_trailing_spaces(styles)) + '\n';
    for (const auto kind : block.kinds) {
        std::string line = padded(matrix::to_string(kind), kind_width);
        for (std::size_t i = 0; i < columns.size(); ++i)
            line += space_before(i) + symbols(block, kind, columns[i], paint);
        text += without_trailing_spaces(line) + '\n';
    }
    return text;
}

std::string legend(std::span<const Judgement> judgements, const Paint& paint) {
    static constexpr std::array<std::pair<char, std::string_view>, 6> letters{
        {{'E', "exported, all checks pass"},
         {'e', "exported, a check fails"},
         {'R', "rejected"},
         {'C', "crashed"},
         {'T', "timeout"},
         {'/', "not observed"}}};
    std::string text;
    for (const auto& [symbol, meaning] : letters) {
        const bool used =
            std::any_of(judgements.begin(), judgements.end(),
                        [&, s = symbol](const auto& judgement) { return letter(judgement) == s; });
        if (used)
            text +=
                (text.empty() ? "" : "   ") + std::string(1, symbol) + " " + std::string(meaning);
    }
    std::string marks;
    for (const auto& [verdict, count] : verdict::counts(judgements)) {
        if (verdict == Verdict::as_expected || verdict == Verdict::unobserved) continue;
        const auto& info = verdict::info(verdict);
        marks += (marks.empty() ? "" : "   ") +
                 paint.of(verdict, std::string(info.symbol) + " " + std::string(info.label));
    }
    if (!marks.empty()) marks = "marked: " + marks + "   unmarked: as expected\n";
    return paint.faint(text) + "\n" + marks;
}

}  // namespace

char letter(const outcome::Outcome& outcome) {
    switch (outcome.status) {
        case Status::exported: {
            const bool fails =
                std::any_of(outcome.checks.begin(), outcome.checks.end(),
                            [](const auto& check) { return check.status == CheckStatus::fail; });
            return fails ? 'e' : 'E';
        }
        case Status::rejected:
            return 'R';
        case Status::crashed:
            return 'C';
        case Status::timeout:
            return 'T';
    }
    return '/';
}

char letter(const Judgement& judgement) {
    return judgement.observed ? letter(*judgement.observed) : '/';
}

std::string matrix_table(std::span<const Judgement> judgements, std::size_t width,
                         const Paint& paint) {
    if (judgements.empty()) return "";
    std::string text;
    for (const auto& block : blocks_of(judgements)) {
        std::size_t kind_width = 0;
        for (const auto kind : block.kinds)
            kind_width = std::max(kind_width, matrix::to_string(kind).size() + gap);
        std::string pairs;
        for (const auto& pair : block.pairs)
            pairs += " " + pair;
        text += paint.bold(block.case_name) + paint.faint("   in each field:" + pairs) + '\n';
        const std::size_t room = width > kind_width ? width - kind_width : 0;
        for (const auto& band : bands_of(block, room))
            text += band_text(block, band, kind_width, paint);
        text += '\n';
    }
    return text + legend(judgements, paint);
}

}  // namespace exportgate::report
