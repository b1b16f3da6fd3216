#include <algorithm>

#include "base/text.h"
#include "graph/alignment.h"
#include "graph/concat.h"
#include "graph/exact_diff.h"
#include "graph/graph.h"

namespace exportgate::graph {
namespace {

constexpr std::size_t context = 3;

struct Hunk {
    std::size_t begin;  // of the edits
    std::size_t end;
};

/// Runs of changes with their context; runs that touch are one.
std::vector<Hunk> hunks_of(const std::vector<Edit>& edits) {
    std::vector<Hunk> hunks;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (edits[i].kind == Edit::Kind::keep) continue;
        const std::size_t begin = i < context ? 0 : i - context;
        const std::size_t end = std::min(edits.size(), i + context + 1);
        if (!hunks.empty() && begin <= hunks.back().end) {
            hunks.back().end = end;
        } else {
            hunks.push_back({begin, end});
        }
    }
    return hunks;
}

std::string range(std::size_t first, std::size_t count) {
    return std::to_string(count == 0 ? first : first + 1) +
           (count == 1 ? std::string() : concat({",", std::to_string(count)}));
}

std::string unified(const Alignment& alignment) {
    std::string diff = "--- expected\n+++ observed\n";
    std::size_t old_line = 0;
    std::size_t new_line = 0;
    std::size_t next = 0;
    const auto advance = [&](const Edit& edit) {
        if (edit.kind != Edit::Kind::add) ++old_line;
        if (edit.kind != Edit::Kind::remove) ++new_line;
    };
    for (const Hunk& hunk : hunks_of(alignment.edits)) {
        for (; next < hunk.begin; ++next)
            advance(alignment.edits[next]);
        const std::size_t old_begin = old_line;
        const std::size_t new_begin = new_line;
        std::string body;
        for (; next < hunk.end; ++next) {
            const Edit& edit = alignment.edits[next];
            const bool removed = edit.kind == Edit::Kind::remove;
            body += edit.kind == Edit::Kind::keep ? ' ' : (removed ? '-' : '+');
            body += edit.kind == Edit::Kind::add ? alignment.observed[edit.after]
                                                 : alignment.expected[edit.before];
            body += '\n';
            advance(edit);
        }
        diff += "@@ -" + range(old_begin, old_line - old_begin) + " +" +
                range(new_begin, new_line - new_begin) + " @@\n" + body;
    }
    return diff;
}

/// None for no text.
std::vector<std::string> all_lines(std::string_view text) {
    if (text.empty()) return {};
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto lines = split(text, '\n');
    return {lines.begin(), lines.end()};
}

}  // namespace

std::string text_diff(std::string_view expected, std::string_view observed) {
    return expected == observed ? std::string() : unified(align(expected, observed));
}

std::string exact_diff(std::string_view before, std::string_view after) {
    if (before == after) return {};
    Alignment lines{all_lines(before), all_lines(after), {}};
    lines.edits = edit_script(lines.expected, lines.observed);
    return unified(lines);
}

}  // namespace exportgate::graph
