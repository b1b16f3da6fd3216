// A report as a value: what it says, and in which order. How it looks on a terminal, and how it is
// spelt in Markdown, the renderers say (console.h, markdown.h). Text may hold whatever torch or a
// case wrote: the renderers make it harmless.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace exportgate::document {

enum class Style {
    plain,
    strong,
    emphasis,
    faint,
    good,     // green
    bad,      // red and strong
    warning,  // yellow
    news,     // cyan
    unknown,  // magenta: nothing can be said
    literal,  // shown letter by letter
    link,     // to `target`
    picture,  // the file `target`
    markdown  // Markdown that the project wrote itself
};

struct Run {
    std::string text;
    Style style = Style::plain;
    std::string target = {};
};

/// On one line.
using Text = std::vector<Run>;

inline Run literal(std::string text) {
    return {std::move(text), Style::literal};
}
inline Run strong(std::string text) {
    return {std::move(text), Style::strong};
}

struct Heading {
    int level = 1;
    Text text;
};

struct Paragraph {
    std::vector<Text> lines;
};

/// A paragraph of one line.
inline Paragraph line(std::string text, Style style = Style::plain) {
    return {{{{std::move(text), style}}}};
}

struct Item {
    Text text;
    std::string mark = {};  // in front of it on a terminal: "- ", "+ "; Markdown has its own
    Text key = {};          // what the text is about; keys of a list stand below each other
    std::vector<Item> items = {};
};

struct List {
    std::vector<Item> items;
    bool numbered = false;
    bool wraps = false;  // on a terminal, between words; further lines stand below the text
};

struct Column {
    Text heading;
    bool of_numbers = false;
};

/// A cell has one line or several.
using Cell = std::vector<Text>;

struct Table {
    std::vector<Column> columns;  // a terminal shows a table without any, too
    std::vector<std::vector<Cell>> rows;
};

/// What must be read before the rest.
struct Caution {
    Text text;
};

inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// Lines as they are, the first `most` of them.
struct Code {
    std::vector<std::string> lines;
    std::string language = {};  // "diff"
    std::size_t most = unlimited;
};

/// An empty line on a terminal. Markdown has its own.
struct Gap {};

struct Block;

/// Seen by its summary until it is opened.
struct Fold {
    Text summary;
    std::vector<Block> blocks;
};

struct Block {
    std::variant<Heading, Paragraph, List, Table, Caution, Code, Gap, Fold> what;

    template <class What>
    Block(What one) : what(std::move(one)) {}
};

using Document = std::vector<Block>;

/// Adds all of `more`.
void add(Document& document, Document more);

/// How many of `count` lines are shown where at most `most` are asked for. One more than that is
/// shown: cutting it off would take a line to say so.
std::size_t shown_of(std::size_t count, std::size_t most);

/// Without styles.
std::string plain_text(const Text& text);

/// A paragraph that is broken between words.
inline List words(std::string text) {
    return {{{{{std::move(text)}}}}, false, true};
}

/// All of `texts`.
std::vector<Item> plain_items(const std::vector<std::string>& texts);

/// Literally, at most `most` of `texts`, then "... 3 more reasons".
std::vector<Item> items_of(const std::vector<std::string>& texts, std::string_view mark,
                           std::size_t most, std::string_view what);

/// Each heading `levels` deeper, for a document within another.
void deepen(Document& document, int levels);

}  // namespace exportgate::document
