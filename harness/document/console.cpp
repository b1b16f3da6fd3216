#include "document/console.h"

#include <algorithm>

#include "base/printable.h"
#include "base/text.h"

namespace exportgate::document {
namespace {

constexpr std::size_t fewest_columns_of_words = 30;
constexpr std::size_t narrowest = 36;  // nothing is clipped to less
constexpr std::string_view ellipsis = "...";
constexpr std::size_t deeper = 2;
constexpr std::string_view red = "31";
constexpr std::string_view green = "32";

std::string_view code_of(Style style) {
    switch (style) {
        case Style::strong:
            return "1";
        case Style::faint:
            return "2";
        case Style::bad:
            return "1;31";
        case Style::good:
            return green;
        case Style::warning:
            return "33";
        case Style::unknown:
            return "35";
        case Style::news:
            return "36";
        case Style::plain:
        case Style::emphasis:
        case Style::literal:
        case Style::link:
        case Style::picture:
        case Style::markdown:
            return "";
    }
    return "";
}

std::string wrapped(std::string_view code, std::string_view text, bool colour) {
    if (!colour || code.empty() || text.empty()) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string painted(std::string_view text, Style style, bool colour) {
    return wrapped(code_of(style), text, colour);
}

/// A line of a diff: removed red, added green, position lines faint.
std::string painted_diff_line(std::string_view line, bool colour) {
    if (line.starts_with("-")) return wrapped(red, line, colour);
    if (line.starts_with("+")) return wrapped(green, line, colour);
    return line.starts_with("@@") ? painted(line, Style::faint, colour) : std::string(line);
}

/// Without the colours that are around them.
std::size_t width_of(const Text& text) {
    return columns_of(plain_text(text));
}

class Console {
  public:
    explicit Console(const Terminal& terminal) : terminal_(terminal) {}

    void add(const Document& document) {
        for (const Block& block : document)
            std::visit([this](const auto& what) { add(what); }, block.what);
    }

    std::string finish() {
        return std::move(text_);
    }

  private:
    void add(const Heading& heading) {
        line(heading.text);
    }
    void add(const Paragraph& paragraph) {
        for (const Text& each : paragraph.lines)
            line(each);
    }
    void add(const List& list) {
        std::size_t key_width = 0;
        for (const Item& item : list.items)
            key_width = std::max(key_width, width_of(item.key));
        for (const Item& item : list.items) {
            start();
            text_ += item.mark;
            if (!item.key.empty()) {
                runs(item.key);
                text_.append(key_width - width_of(item.key) + column_gap, ' ');
            }
            if (list.wraps) {
                words(item.text, indent_ + columns_of(item.mark) +
                                     (item.key.empty() ? 0 : key_width + column_gap));
            } else {
                runs(item.text);
            }
            text_ += '\n';
        }
    }
    /// Behind what stands on the line; further lines begin in column `begin`.
    void words(const Text& text, std::size_t begin) {
        const std::string all = printable(plain_text(text));
        const auto width = std::max(terminal_.width, begin + fewest_columns_of_words);
        std::size_t column = begin;
        for (const auto word : split(all, ' ')) {
            if (column > begin && column + columns_of(word) + 1 > width) {
                text_.append("\n").append(begin, ' ');
                column = begin;
            }
            if (column > begin) {
                text_ += ' ';
                ++column;
            }
            text_ += word;
            column += columns_of(word);
        }
    }
    void add(const Table& table) {
        std::vector<std::vector<Cell>> rows;
        if (!table.columns.empty()) {
            auto& head = rows.emplace_back();
            for (const Column& column : table.columns)
                head.push_back({column.heading});
        }
        rows.insert(rows.end(), table.rows.begin(), table.rows.end());
        std::vector<std::size_t> widths;
        for (const auto& row : rows) {
            widths.resize(std::max(widths.size(), row.size()));
            for (std::size_t i = 0; i < row.size(); ++i) {
                for (const Text& each : row[i])
                    widths[i] = std::max(widths[i], width_of(each));
            }
        }
        for (const auto& row : rows)
            add_row(row, widths, table.columns);
    }
    void add(const Caution& caution) {
        line(caution.text);
    }
    void add(const Code& code) {
        indent_ += deeper;
        const auto most = terminal_.cuts ? code.most : unlimited;
        const auto shown = shown_of(code.lines.size(), most);
        const auto room = terminal_.width - std::min(terminal_.width, indent_);
        for (std::size_t i = 0; i < shown; ++i) {
            std::string each = printable(code.lines[i]);
            if (most != unlimited) each = clipped(each, room);
            each.erase(each.find_last_not_of(' ') + 1);
            if (!each.empty()) {
                start();
                text_ += painted_diff_line(each, terminal_.colour);
            }
            text_ += '\n';
        }
        if (shown < code.lines.size())
            line({{"... " + std::to_string(code.lines.size() - shown) + " more lines"}});
        indent_ -= deeper;
    }
    void add(const Gap&) {
        text_ += '\n';
    }
    void add(const Fold& fold) {
        line(fold.summary);
        indent_ += deeper;
        add(fold.blocks);
        indent_ -= deeper;
    }

    /// As many lines as the cell with most of them.
    void add_row(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
                 const std::vector<Column>& columns) {
        std::size_t lines = 0;
        for (const Cell& cell : row)
            lines = std::max(lines, cell.size());
        for (std::size_t line = 0; line < lines; ++line) {
            start();
            for (std::size_t i = 0; i < row.size(); ++i) {
                const Text text = line < row[i].size() ? row[i][line] : Text();
                const std::size_t room = widths[i] - width_of(text);
                const bool of_numbers = i < columns.size() && columns[i].of_numbers;
                if (of_numbers) text_.append(room, ' ');
                runs(text);
                text_.append((of_numbers ? 0 : room) + column_gap, ' ');
            }
            text_.erase(text_.find_last_not_of(' ') + 1);
            text_ += '\n';
        }
    }

    void start() {
        text_.append(indent_, ' ');
    }
    void runs(const Text& text) {
        for (const Run& run : text)
            text_ += painted(printable(run.text), run.style, terminal_.colour);
    }
    void line(const Text& text) {
        start();
        runs(text);
        text_ += '\n';
    }

    Terminal terminal_;
    std::size_t indent_ = 0;
    std::string text_;
};

}  // namespace

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string clipped(std::string_view line, std::size_t width) {
    if (line.starts_with("-") || line.starts_with("+")) return std::string(line);
    const auto room = std::max(width, narrowest);
    if (line.size() <= room) return std::string(line);
    std::size_t end = room - ellipsis.size();
    // Not inside a character of several bytes.
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(line.substr(0, end)).append(ellipsis);
}

std::string console(const Document& document, const Terminal& terminal) {
    Console console(terminal);
    console.add(document);
    return console.finish();
}

}  // namespace exportgate::document
