#include "report/matrix_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "report/cell_sets.h"

namespace exportgate::report {
namespace {

using document::Document;
using document::Paragraph;
using document::Style;
using document::Text;
using outcome::Grade;
using verdict::Judgement;
using verdict::Verdict;

constexpr std::size_t gap = 2;       // between columns
constexpr std::size_t mode_gap = 2;  // more between modes
constexpr std::size_t legend_gap = 3;
constexpr std::size_t most_small_kinds = 2;
constexpr std::size_t most_small_columns = 4;

/// One column of the table: a mode and a dims style.
struct Column {
    matrix::Mode mode{};
    matrix::DimsStyle dims{};

    bool operator==(const Column&) const = default;
};

template <class T>
void add_once(std::vector<T>& values, const T& value) {
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

/// Judgements as a table: in each row and column several letters side by side.
struct Block {
    std::string title;
    std::string letters_are;  // what stands side by side: "b3c5 b4c11"
    std::vector<std::string> rows;
    std::vector<Column> columns;
    std::vector<std::string> letters;
    std::map<std::tuple<std::string, int, int, std::string>, const Judgement*> cells;

    void add(const Judgement& judgement, const std::string& row, const std::string& letter) {
        const auto& cell = judgement.cell;
        add_once(rows, row);
        add_once(columns, Column{cell.mode, cell.dims});
        add_once(letters, letter);
        cells[{row, static_cast<int>(cell.mode), static_cast<int>(cell.dims), letter}] = &judgement;
    }
    void finish() {
        letters_are = join(letters, " ");
        std::stable_sort(columns.begin(), columns.end(), [](const Column& a, const Column& b) {
            return std::pair(a.mode, a.dims) < std::pair(b.mode, b.dims);
        });
    }
    const Judgement* find(const std::string& row, const Column& column,
                          const std::string& letter) const {
        const auto found =
            cells.find({row, static_cast<int>(column.mode), static_cast<int>(column.dims), letter});
        return found == cells.end() ? nullptr : found->second;
    }
    std::size_t width(const Column& column) const {
        return std::max(matrix::to_string(column.dims).size(), 2 * letters.size()) + gap;
    }
};

using CaseJudgements = std::vector<const Judgement*>;

/// Of one pair, few kinds, modes and dims styles: one line says it all.
bool is_small(const CaseJudgements& judgements) {
    if (!matrix::parse_case_name(judgements.front()->cell.case_name).parameters.empty())
        return false;
    std::vector<std::string> pairs;
    std::vector<matrix::Kind> kinds;
    std::vector<Column> columns;
    for (const auto* judgement : judgements) {
        add_once(pairs, judgement->cell.pair);
        add_once(kinds, judgement->cell.kind);
        add_once(columns, Column{judgement->cell.mode, judgement->cell.dims});
    }
    return pairs.size() == 1 && kinds.size() <= most_small_kinds &&
           columns.size() <= most_small_columns;
}

/// The row of a cell in the block of its folder: its kind; where the folder has parameters their
/// values, and the kind where there are several.
std::string row_of(const matrix::Cell& cell, bool has_one_kind) {
    const std::string values = values_alone(cell.case_name);
    if (values.empty()) return matrix::to_string(cell.kind);
    return has_one_kind ? values : values + " " + matrix::to_string(cell.kind);
}

/// "hf_decode by arch, as_is", where rows are values of its parameters.
std::string title_of(const std::string& folder, const matrix::Cell& cell, bool has_one_kind) {
    std::vector<std::string> parameters;
    for (const auto& parameter : matrix::parse_case_name(cell.case_name).parameters)
        parameters.push_back(parameter.first);
    if (parameters.empty()) return folder;
    return fmt::format("{} by {}{}", folder, join(parameters, ", "),
                       has_one_kind ? ", " + matrix::to_string(cell.kind) : "");
}

/// A block per folder of cases, the kinds and the values of its parameters one below the other, and
/// a letter for each pair; but small cases without parameters, where there are several, are the
/// lines of one block, with a letter for each kind.
std::vector<Block> blocks_of(std::span<const Judgement> judgements) {
    std::vector<std::pair<std::string, CaseJudgements>> cases;
    std::map<std::string, std::size_t> places;
    for (const auto& judgement : judgements) {
        const auto name = judgement.cell.folder();
        const auto [place, is_new] = places.emplace(name, cases.size());
        if (is_new) cases.push_back({name, {}});
        cases[place->second].second.push_back(&judgement);
    }
    const auto small = std::count_if(cases.begin(), cases.end(),
                                     [](const auto& each) { return is_small(each.second); });
    std::vector<Block> blocks;
    Block lines;
    for (const auto& one_case : cases) {
        const auto& name = one_case.first;
        const auto& of_case = one_case.second;
        if (small > 1 && is_small(of_case)) {
            for (const auto* judgement : of_case)
                lines.add(*judgement, name, matrix::to_string(judgement->cell.kind));
            continue;
        }
        const bool has_one_kind = std::all_of(of_case.begin(), of_case.end(), [&](const auto* one) {
            return one->cell.kind == of_case.front()->cell.kind;
        });
        blocks.push_back({title_of(name, of_case.front()->cell, has_one_kind), {}, {}, {}, {}, {}});
        for (const auto* judgement : of_case)
            blocks.back().add(*judgement, row_of(judgement->cell, has_one_kind),
                              judgement->cell.pair);
    }
    if (!lines.rows.empty()) {
        lines.title = fmt::format("{} cases of one pair", lines.rows.size());
        blocks.push_back(std::move(lines));
    }
    for (auto& block : blocks)
        block.finish();
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

Text without_trailing_spaces(Text line) {
    while (!line.empty()) {
        auto& text = line.back().text;
        text.erase(text.find_last_not_of(' ') + 1);
        if (!text.empty()) break;
        line.pop_back();
    }
    return line;
}

/// The letters of one row in one column, each with a mark, a space where all is as expected.
void add_symbols(const Block& block, const std::string& row, const Column& column, Text& line) {
    for (const auto& each : block.letters) {
        const auto* judgement = block.find(row, column, each);
        if (!judgement) {
            line.push_back({"  "});
            continue;
        }
        const bool marked =
            judgement->verdict != Verdict::as_expected && judgement->verdict != Verdict::unobserved;
        const char symbol = letter(*judgement);
        if (marked) {
            line.push_back({symbol + std::string(verdict::info(judgement->verdict).symbol),
                            style_of(judgement->verdict)});
        } else {
            line.push_back({std::string(1, symbol), style_of_letter(symbol)});
            line.push_back({" "});
        }
    }
    line.push_back({std::string(block.width(column) - 2 * block.letters.size(), ' ')});
}

void add_band(const Block& block, const std::vector<Column>& columns, std::size_t label_width,
              Paragraph& lines) {
    const auto space_before = [&](std::size_t i) {
        return std::string(i > 0 && columns[i].mode != columns[i - 1].mode ? mode_gap : 0, ' ');
    };
    std::string modes(label_width, ' ');
    std::string styles(label_width, ' ');
    for (std::size_t i = 0; i < columns.size(); ++i) {
        styles += space_before(i);
        if (i == 0 || columns[i].mode != columns[i - 1].mode)
            modes = padded(modes, styles.size()) + matrix::to_string(columns[i].mode);
        styles += padded(matrix::to_string(columns[i].dims), block.width(columns[i]));
    }
    lines.lines.push_back(without_trailing_spaces({{modes}}));
    lines.lines.push_back(without_trailing_spaces({{styles, Style::faint}}));
    for (const auto& row : block.rows) {
        Text line{{padded(row, label_width)}};
        for (std::size_t i = 0; i < columns.size(); ++i) {
            line.push_back({space_before(i)});
            add_symbols(block, row, columns[i], line);
        }
        lines.lines.push_back(without_trailing_spaces(std::move(line)));
    }
}

Paragraph legend(std::span<const Judgement> judgements, std::size_t width) {
    Paragraph lines{{{}}};
    std::size_t used_width = 0;
    for (const auto& [symbol, meaning] : letter_meanings) {
        const bool used =
            std::any_of(judgements.begin(), judgements.end(),
                        [&, s = symbol](const auto& judgement) { return letter(judgement) == s; });
        if (!used) continue;
        const std::size_t size = 2 + meaning.size();
        if (used_width > 0 && used_width + legend_gap + size > width) {
            lines.lines.emplace_back();
            used_width = 0;
        }
        Text& line = lines.lines.back();
        if (used_width > 0) line.push_back({std::string(legend_gap, ' ')});
        line.push_back({std::string(1, symbol), style_of_letter(symbol)});
        line.push_back({" " + std::string(meaning), Style::faint});
        used_width += (used_width > 0 ? legend_gap : 0) + size;
    }
    Text marks;
    for (const auto& [verdict, count] : verdict::counts(judgements)) {
        if (verdict == Verdict::as_expected || verdict == Verdict::unobserved) continue;
        const auto& info = verdict::info(verdict);
        marks.push_back({marks.empty() ? "marked: " : "   "});
        marks.push_back(
            {std::string(info.symbol) + " " + std::string(info.label), style_of(verdict)});
    }
    if (marks.empty()) return lines;
    marks.push_back({"   unmarked: as expected"});
    lines.lines.push_back(std::move(marks));
    return lines;
}

}  // namespace

char letter_of(outcome::Grade grade) {
    switch (grade) {
        case Grade::good:
            return 'E';
        case Grade::fails_a_check:
            return 'e';
        case Grade::not_as_asked:
            return 'F';
        case Grade::rejected:
            return 'R';
        case Grade::crashed:
            return 'C';
        case Grade::timeout:
            return 'T';
    }
    return '/';
}

Style style_of_letter(char letter) {
    switch (letter) {
        case 'E':
            return Style::good;
        case 'e':
            return Style::plain;
        case '-':  // not declared
            return Style::faint;
        case 'R':
            return Style::news;
        case '/':
            return Style::unknown;
        default:
            return Style::bad;
    }
}

char letter(const Judgement& judgement) {
    return judgement.observed ? letter_of(outcome::grade_of(*judgement.observed)) : '/';
}

Document matrix_table(std::span<const Judgement> judgements, std::size_t width) {
    if (judgements.empty()) return {};
    Document document;
    for (const auto& block : blocks_of(judgements)) {
        std::size_t label_width = 0;
        for (const auto& row : block.rows)
            label_width = std::max(label_width, row.size() + gap);
        Paragraph lines{{{document::strong(block.title),
                          {"   in each field: " + block.letters_are, Style::faint}}}};
        const std::size_t room = width > label_width ? width - label_width : 0;
        for (const auto& band : bands_of(block, room))
            add_band(block, band, label_width, lines);
        document.emplace_back(std::move(lines));
        document.emplace_back(document::Gap{});
    }
    document.emplace_back(legend(judgements, width));
    return document;
}

}  // namespace exportgate::report
