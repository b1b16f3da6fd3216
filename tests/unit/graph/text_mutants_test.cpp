// Small edits of the text of every recorded print. Each gives an error or another canonical text,
// unless it is in a place that says nothing about the structure; those places are listed here,
// independently of the parser.
#include <gmock/gmock.h>

#include <cctype>
#include <functional>
#include <string_view>

#include "base/text.h"
#include "recordings.h"
#include "small_print.h"

namespace exportgate::graph {
namespace {

std::string trimmed(std::string_view line) {
    const std::size_t first = line.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string() : std::string(line.substr(first));
}

bool is_comment_or_empty(std::string_view line) {
    const std::string text = trimmed(line);
    return text.empty() || (text.starts_with("#") && text != "# inputs" && text != "# outputs");
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// How often `word` stands in `text` as a word of its own, outside of the deletions `;  x = y =
/// None`.
std::size_t uses(std::string_view text, std::string_view word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const bool starts = at == 0 || !is_word(text[at - 1]);
        const bool ends = at + word.size() == text.size() || !is_word(text[at + word.size()]);
        const std::size_t line = text.rfind('\n', at) + 1;
        const bool deletion = text.substr(line, at - line).find(";  ") != std::string_view::npos;
        count += starts && ends && !deletion ? 1 : 0;
    }
    return count;
}

/// The value that a statement defines: "add_1" of `add_1: "f32[3]" = ...`.
std::string defined(std::string_view line) {
    const std::string text = trimmed(line);
    std::size_t end = 0;
    while (end < text.size() && is_word(text[end]))
        ++end;
    return text.find(" = ") == std::string::npos ? std::string() : text.substr(0, end);
}

/// A size, a nested graph, or another name: what is written where it is used, and so nowhere when
/// nothing uses it.
bool is_dissolved(std::string_view line) {
    const std::string_view right = line.substr(std::min(line.size(), line.find(" = ")));
    return line.find("\"Sym(") != std::string_view::npos || right.starts_with(" = self.");
}

std::size_t node_message(std::string_view line) {
    return line.find("Runtime assertion failed for expression ");
}

/// Places of a statement whose text says nothing of its own: what may be freed behind it, the
/// annotation, the name of the node inside a message, the name of a value that nothing uses, a
/// number behind the name of an enumerator.
bool is_neutral_place(std::string_view print, std::string_view line, std::size_t at) {
    const std::string text = trimmed(line);
    if (text.starts_with("# ") && text != "# inputs" && text != "# outputs") return true;
    const auto inside = [&](std::string_view opening, char closing) {
        const std::size_t begin = line.rfind(opening, at);
        return begin != std::string_view::npos && line.find(closing, begin) >= at;
    };
    // The name of an input of a nested graph; where it is used, the mutant was an error.
    if (text.starts_with("def ")) return std::ranges::count(line.substr(0, at), '"') % 2 == 0;
    if (text.starts_with("return")) return false;
    // A range of a symbol that nothing uses.
    if (text.starts_with("Range constraints")) return true;
    if (text.starts_with("Graph signature")) return inside("<", '>') || inside("value=", ')');
    const std::size_t equals = line.find(" = ");
    const std::size_t annotation = line.find(": \"");
    // A symbol that only the message has, as 2.6 and 2.8 print it.
    std::size_t begin = at;
    while (begin > 0 && is_word(line[begin - 1]))
        --begin;
    if (line[begin] == 's' && node_message(line) < at) {
        std::size_t end = at;
        while (end < line.size() && is_word(line[end]))
            ++end;
        if (uses(print, line.substr(begin, end - begin)) == 1) return true;
    }
    // Another tensor or dim of the same size.
    if (line.find(" = torch.ops.aten.sym_size.int(") < at) return true;
    if (line.substr(0, at).find(";  ") != std::string_view::npos) return true;
    if (annotation < equals && at > annotation && at < equals) return true;
    const std::size_t node = line.find(" on node '");
    if (node != std::string_view::npos && at > node && at < line.find("'\"", node + 10))
        return true;
    const std::string name = defined(line);
    return at < std::min(equals, annotation) && uses(print, name) <= 1;
}

/// Calls `visit(line, start of the line)` for every line of `print`.
void for_each_line(std::string_view print,
                   const std::function<void(std::string_view, std::size_t)>& visit) {
    std::size_t start = 0;
    for (const std::string_view line : split(print, '\n')) {
        visit(line, start);
        start += line.size() + 1;
    }
}

enum class Outcome { error, same, different };

Outcome outcome_of(const std::string& mutant, const std::string& expected) {
    const auto result = canonicalise(mutant, "mutant.txt");
    if (!result) return Outcome::error;
    return result->text == expected ? Outcome::same : Outcome::different;
}

class TextMutants : public testing::TestWithParam<std::string> {
  protected:
    const std::string print = recording(GetParam());
    const std::string expected = canonical(print);
};

TEST_P(TextMutants, ALineLeftOut) {
    for_each_line(print, [&](std::string_view line, std::size_t start) {
        std::string mutant = print;
        mutant.erase(start, line.size() + 1);
        const Outcome outcome = outcome_of(mutant, expected);
        // An empty line also ends the inputs and the outputs of the signature.
        if (trimmed(line).empty()) return;
        if (is_comment_or_empty(line)) {
            EXPECT_EQ(outcome, Outcome::same) << line;
        } else if (outcome == Outcome::same) {
            EXPECT_TRUE(is_dissolved(line) && uses(print, defined(line)) <= 1) << line;
        }
    });
}

TEST_P(TextMutants, ADigitChanged) {
    std::size_t visited = 0;
    for_each_line(print, [&](std::string_view line, std::size_t start) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            // Every digit of a small print, a sample of a large one.
            if (std::isdigit(static_cast<unsigned char>(line[i])) == 0 ||
                visited++ % (1 + print.size() / 3000) != 0)
                continue;
            std::string mutant = print;
            mutant[start + i] = line[i] == '9' ? '3' : static_cast<char>(line[i] + 1);
            if (outcome_of(mutant, expected) == Outcome::same) {
                EXPECT_TRUE(is_neutral_place(print, line, i)) << line << "\nat column " << i;
            }
        }
    });
}

TEST_P(TextMutants, ADtypeOfTheInterfaceChanged) {
    for_each_line(print, [&](std::string_view line, std::size_t start) {
        if (!trimmed(line).starts_with("def forward")) return;
        for (std::size_t at = line.find("\"f32["); at != std::string_view::npos;
             at = line.find("\"f32[", at + 1)) {
            std::string mutant = print;
            mutant[start + at + 1] = 'i';
            EXPECT_EQ(outcome_of(mutant, expected), Outcome::different) << line.substr(at, 20);
        }
    });
}

TEST_P(TextMutants, TwoOperandsSwapped) {
    for_each_line(print, [&](std::string_view line, std::size_t start) {
        const std::size_t open = line.find('(', std::min(line.size(), line.find(" = torch.ops.")));
        if (is_comment_or_empty(line) || open == std::string_view::npos) return;
        const std::size_t comma = line.find(", ", open);
        const std::size_t end =
            comma == std::string_view::npos ? comma : line.find_first_of(",)", comma + 2);
        if (end == std::string_view::npos) return;
        const std::string first(line.substr(open + 1, comma - open - 1));
        const std::string second(line.substr(comma + 2, end - comma - 2));
        if (!std::ranges::all_of(first, is_word) || !std::ranges::all_of(second, is_word) ||
            first == second)
            return;
        std::string mutant = print;
        mutant.replace(start + open + 1, first.size() + 2 + second.size(), second + ", " + first);
        EXPECT_NE(outcome_of(mutant, expected), Outcome::same) << line;
    });
}

TEST_P(TextMutants, GarbagePutIn) {
    for_each_line(print, [&](std::string_view line, std::size_t start) {
        if (is_comment_or_empty(line)) return;
        for (const std::string garbage : {"?", ")", "\"", "%0", "\\"}) {
            const std::size_t at = line.size() / 2;
            std::string mutant = print;
            mutant.insert(start + at, garbage);
            if (outcome_of(mutant, expected) == Outcome::same) {
                EXPECT_TRUE(is_neutral_place(print, line, at)) << line << "\n"
                                                               << garbage << " at column " << at;
            }
        }
    });
}

TEST_P(TextMutants, CutAtEveryLine) {
    const std::size_t end = print.find_last_not_of(" \n") + 1;
    for_each_line(print, [&](std::string_view, std::size_t start) {
        if (start < end) {
            EXPECT_EQ(outcome_of(print.substr(0, start), expected), Outcome::error) << start;
        }
    });
}

std::vector<std::string> prints_to_edit() {
    std::vector<std::string> files;
    for (const std::string& file : recorded_prints()) {
        // The other releases differ in spelling; one of each spelling is enough.
        if (file.starts_with("2.13.0/") || file.starts_with("2.6.0/")) files.push_back(file);
    }
    return files;
}

INSTANTIATE_TEST_SUITE_P(Recorded, TextMutants, testing::ValuesIn(prints_to_edit()),
                         [](const auto& parameter) {
                             std::string name =
                                 parameter.param.substr(0, parameter.param.rfind('.'));
                             const auto is_other = [](char c) { return !is_word(c); };
                             std::ranges::replace_if(name, is_other, '_');
                             return name;
                         });

}  // namespace
}  // namespace exportgate::graph
