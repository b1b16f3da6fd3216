#include "outcome/message.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "outcome/message_line.h"

namespace exportgate::outcome {
namespace {

using Lines = std::vector<std::string>;

std::size_t indentation(std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

bool is_bullet(std::string_view line) {
    const std::size_t indent = indentation(line);
    return line.substr(indent).starts_with("- ") && line.size() > indent + 2;
}

/// One bullet with its further lines, and how often it came.
struct Item {
    Lines lines;
    std::size_t count = 1;
};

/// By the text without the symbols' names first: torch's choice of names must not decide.
void sort_by_what_they_say(std::vector<Item>& items) {
    std::vector<std::pair<std::string, Item>> keyed;
    for (Item& item : items) {
        std::string key;
        for (const std::string& line : item.lines)
            key += without_symbols(line) + "\n";
        keyed.emplace_back(std::move(key), std::move(item));
    }
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
        return std::tie(a.first, a.second.lines) < std::tie(b.first, b.second.lines);
    });
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i] = std::move(keyed[i].second);
}

/// Reads the item that starts at `at`, and moves `at` behind it. Blank lines between items are
/// dropped; those after the last item are left.
Item take_item(const Lines& lines, std::size_t& at) {
    const std::size_t indent = indentation(lines[at]);
    Item item;
    item.lines.push_back(lines[at++]);
    // In torch's messages a bullet's "User stack:" stands at the left margin, its frames below
    bool in_stack = false;
    std::size_t end = at;
    for (std::size_t i = at; i < lines.size(); ++i) {
        const std::string& line = lines[i];
        if (line.empty()) continue;
        const bool bullet = is_bullet(line) && indentation(line) <= indent;
        const bool stack = line == "User stack:";
        const bool belongs =
            stack || indentation(line) > indent || (in_stack && indentation(line) > 0);
        if (bullet || !belongs) break;
        in_stack = in_stack || stack;
        item.lines.push_back(line);
        end = i + 1;
    }
    at = end;
    return item;
}

/// The place of the next line with text, where it is a bullet of the same list; lines.size()
/// otherwise.
std::size_t next_bullet(const Lines& lines, std::size_t at, std::size_t indent) {
    while (at < lines.size() && lines[at].empty())
        ++at;
    const bool found =
        at < lines.size() && is_bullet(lines[at]) && indentation(lines[at]) == indent;
    return found ? at : lines.size();
}

void append_list(const Lines& lines, std::size_t& at, Lines& out) {
    const std::size_t indent = indentation(lines[at]);
    std::vector<Item> items;
    for (std::size_t next = at; next < lines.size(); next = next_bullet(lines, at, indent)) {
        at = next;
        items.push_back(take_item(lines, at));
    }
    sort_by_what_they_say(items);
    std::vector<Item> distinct;
    for (Item& item : items) {
        if (!distinct.empty() && distinct.back().lines == item.lines) {
            ++distinct.back().count;
        } else {
            distinct.push_back(std::move(item));
        }
    }
    for (Item& item : distinct) {
        if (item.count > 1) item.lines.front() += " (" + std::to_string(item.count) + " times)";
    }
    // Again, counts included: so that what is canonical stays as it is
    sort_by_what_they_say(distinct);
    for (const Item& item : distinct)
        out.insert(out.end(), item.lines.begin(), item.lines.end());
}

void append_fixes(const Lines& lines, std::size_t& at, Lines& out) {
    out.push_back(lines[at++]);
    Lines fixes;
    while (at < lines.size() && !lines[at].empty() && lines[at].front() == ' ')
        fixes.push_back(lines[at++]);
    std::sort(fixes.begin(), fixes.end());
    out.insert(out.end(), fixes.begin(), fixes.end());
}

/// "Constraints violated (b, a)!": the names were a set in several releases.
std::string with_constraints_sorted(std::string line) {
    constexpr std::string_view opening = "Constraints violated (";
    const std::size_t end = line.find(")!");
    if (!line.starts_with(opening) || end == std::string::npos) return line;
    const std::string_view names =
        std::string_view(line).substr(opening.size(), end - opening.size());
    Lines sorted;
    for (std::string_view name : split(names, ','))
        sorted.emplace_back(name.substr(indentation(name)));
    std::sort(sorted.begin(), sorted.end());
    return std::string(opening) + join(sorted, ", ") + line.substr(end);
}

void append(Lines& lines, std::string line) {
    if (line.empty() && (lines.empty() || lines.back().empty())) return;
    lines.push_back(std::move(line));
}

}  // namespace

/// torch 2.8.0 adds to a violated constraint how the framework came to notice: 300 to 800 frames of
/// Python's, torch's and the worker's own C and C++ code, by whether Python has symbols. They go,
/// with the empty line on either side, up to which they reach.
std::vector<std::string> telling_lines(std::string_view message) {
    Lines lines;
    bool in_framework = false;
    for (const std::string_view raw : split(message, '\n')) {
        if (in_framework) {
            in_framework = !raw.empty();
        } else if (raw == "Framework stack:") {
            in_framework = true;
            if (!lines.empty() && lines.back().empty()) lines.pop_back();
        } else if (!is_noise(raw)) {
            append(lines, with_constraints_sorted(neutral_line(raw)));
        }
    }
    while (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

std::vector<std::string> canonical_message(std::string_view message,
                                           const std::set<std::string>& kept) {
    const Lines lines = telling_lines(message);
    Lines ordered;
    for (std::size_t at = 0; at < lines.size();) {
        if (is_bullet(lines[at])) {
            append_list(lines, at, ordered);
        } else if (lines[at] == "Suggested fixes:") {
            append_fixes(lines, at, ordered);
        } else {
            ordered.push_back(lines[at++]);
        }
    }
    // After the sorting, which must not depend on how torch named the symbols
    SymbolNames names(kept);
    for (std::string& line : ordered)
        line = names.rename(line);
    return ordered;
}

std::string canonical_reason(std::string_view reason, const std::set<std::string>& kept) {
    Lines lines;
    for (std::string& line : canonical_message(reason, kept)) {
        if (!line.empty()) lines.push_back(line.substr(indentation(line)));
    }
    return join(lines, " | ");
}

}  // namespace exportgate::outcome
