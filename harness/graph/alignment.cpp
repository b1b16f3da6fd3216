#include "graph/alignment.h"

#include <algorithm>
#include <functional>
#include <map>

#include "base/text.h"
#include "graph/characters.h"

namespace exportgate::graph {
namespace {

bool is_word(char c) {
    return is_digit(c) || is_letter(c) || c == '.' || c == '%' || c == '@';
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    if (text.ends_with('\n')) text.remove_suffix(1);
    for (const std::string_view line : split(text, '\n'))
        lines.emplace_back(line);
    return lines;
}

/// `line` with every word replaced by what `replace` gives for it; words in quotes stay.
std::string replace_words(std::string_view line,
                          const std::function<std::string(std::string_view)>& replace) {
    std::string result;
    char quote = '\0';
    for (std::size_t at = 0; at < line.size();) {
        const char c = line[at];
        if (quote == '\0' && is_word(c)) {
            std::size_t end = at;
            while (end < line.size() && is_word(line[end]))
                ++end;
            result += replace(line.substr(at, end - at));
            at = end;
            continue;
        }
        if (quote != '\0' && c == '\\' && at + 1 < line.size()) {
            result += c;
            result += line[at + 1];
            at += 2;
            continue;
        }
        if (c == '"' || c == '\'') {
            if (quote == '\0') {
                quote = c;
            } else if (quote == c) {
                quote = '\0';
            }
        }
        result += c;
        ++at;
    }
    return result;
}

bool is_value(std::string_view word) {
    return word.size() > 1 && word[0] == '%' && is_digit(word[1]);
}

std::string without_numbers(std::string_view line) {
    return replace_words(
        line, [](std::string_view word) { return is_value(word) ? "%" : std::string(word); });
}

/// The values that a line brings into being, in order: that of an input or a call, and the
/// parameters of a nested graph.
std::vector<std::string> defined_values(const std::string& line) {
    std::vector<std::string> values;
    const auto note = [&](std::string_view word) {
        if (is_value(word)) values.emplace_back(word);
        return std::string();
    };
    if (line.starts_with("  %")) {
        replace_words(std::string_view(line).substr(2, line.find(' ', 2) - 2), note);
    } else if (line.starts_with("graph @")) {
        replace_words(line, note);
    }
    return values;
}

/// Numbers of values start anew in each nested graph; inputs, the program's own graph and the
/// outputs share theirs.
std::vector<int> scopes_of(const std::vector<std::string>& lines) {
    std::vector<int> scopes;
    int scope = 0;
    int last = 0;
    for (const std::string& line : lines) {
        if (line.starts_with("graph @")) scope = ++last;
        if (line == "outputs" || line == "graph" || line == "inputs") scope = 0;
        scopes.push_back(scope);
    }
    return scopes;
}

/// Symbols by the names of the dims that were asked for: `  s0  "batch"  1..1024`.
std::map<std::string, std::string> requested_symbols(const std::vector<std::string>& lines) {
    std::map<std::string, std::string> symbols;
    bool inside = false;
    for (const std::string& line : lines) {
        if (line == "symbols") inside = true;
        if (line.empty() || line == "inputs") {
            if (inside && line.empty()) break;
            continue;
        }
        const std::size_t quote = line.find("  \"");
        if (!inside || !line.starts_with("  ") || quote == std::string::npos) continue;
        const std::size_t end = line.find('"', quote + 3);
        if (end != std::string::npos)
            symbols.emplace(line.substr(quote + 3, end - quote - 3), line.substr(2, quote - 2));
    }
    return symbols;
}

/// Gives the symbols of `observed` the names that `expected` has for dims of the same requested
/// name.
void rename_symbols(const std::vector<std::string>& expected, std::vector<std::string>& observed) {
    const auto ours = requested_symbols(expected);
    std::map<std::string, std::string, std::less<>> renamed;
    for (const auto& [name, symbol] : requested_symbols(observed)) {
        const auto at = ours.find(name);
        if (at != ours.end()) renamed.emplace(symbol, at->second);
    }
    std::map<std::string, std::string, std::less<>> all = renamed;
    for (const auto& [from, to] : renamed) {
        // A symbol whose name was taken away from it.
        if (!renamed.contains(to)) all.emplace(to, to + "'");
    }
    for (std::string& line : observed) {
        line = replace_words(line, [&](std::string_view word) {
            const auto at = all.find(word);
            return at == all.end() ? std::string(word) : at->second;
        });
    }
}

std::vector<std::string> without_numbers(const std::vector<std::string>& lines) {
    std::vector<std::string> result;
    result.reserve(lines.size());
    for (const std::string& line : lines)
        result.push_back(without_numbers(line));
    return result;
}

/// "aten.add.Tensor" of `  %5 = aten.add.Tensor(%3, %4)`; what stands behind the value, for other
/// lines that define one.
std::string_view target_of(std::string_view line) {
    const std::size_t equals = line.find(" = ");
    const std::string_view right =
        equals == std::string_view::npos ? std::string_view() : line.substr(equals + 3);
    return right.substr(0, right.find('('));
}

using Numbers = std::map<std::pair<int, std::string>, std::string>;

/// Which lines of the two texts stand for the same value, and so what the second text calls the
/// values of the first.
class Matches {
  public:
    Matches(const std::vector<std::string>& expected, const std::vector<std::string>& observed)
        : expected_(expected), observed_(observed), scopes_(scopes_of(observed)) {}

    Numbers find() {
        for (const Edit& edit :
             edit_script(without_numbers(expected_), without_numbers(observed_))) {
            if (edit.kind == Edit::Kind::remove) removed_.push_back(edit.before);
            if (edit.kind == Edit::Kind::add) added_.push_back(edit.after);
            if (edit.kind == Edit::Kind::keep) {
                match_changed();
                match(edit.before, edit.after);
            }
        }
        match_changed();
        return std::move(numbers_);
    }

  private:
    void match(std::size_t before, std::size_t after) {
        const auto ours = defined_values(expected_[before]);
        const auto theirs = defined_values(observed_[after]);
        for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
            numbers_.emplace(std::pair(scopes_[after], theirs[i]), ours[i]);
        }
    }

    /// Lines that were changed in place: one by one where there are as many before as after;
    /// otherwise those that call the same operator.
    void match_changed() {
        if (removed_.size() == added_.size()) {
            for (std::size_t i = 0; i < removed_.size(); ++i)
                match(removed_[i], added_[i]);
        } else {
            auto next = added_.begin();
            for (const std::size_t before : removed_) {
                const auto same = std::find_if(next, added_.end(), [&](std::size_t after) {
                    return target_of(expected_[before]) == target_of(observed_[after]);
                });
                if (same == added_.end()) continue;
                match(before, *same);
                next = same + 1;
            }
        }
        removed_.clear();
        added_.clear();
    }

    const std::vector<std::string>& expected_;
    const std::vector<std::string>& observed_;
    std::vector<int> scopes_;
    Numbers numbers_;
    std::vector<std::size_t> removed_;
    std::vector<std::size_t> added_;
};

void renumber(const std::vector<std::string>& expected, std::vector<std::string>& observed) {
    const std::vector<int> scopes = scopes_of(observed);
    Numbers renamed = Matches(expected, observed).find();
    std::size_t added = 0;
    for (std::size_t i = 0; i < observed.size(); ++i) {
        observed[i] = replace_words(observed[i], [&](std::string_view word) {
            if (!is_value(word)) return std::string(word);
            auto [at, is_new] = renamed.try_emplace(std::pair(scopes[i], std::string(word)));
            if (is_new) at->second = "%new" + std::to_string(++added);
            return at->second;
        });
    }
}

}  // namespace

Alignment align(std::string_view expected, std::string_view observed) {
    Alignment alignment;
    alignment.expected = lines_of(expected);
    alignment.observed = lines_of(observed);
    rename_symbols(alignment.expected, alignment.observed);
    renumber(alignment.expected, alignment.observed);
    alignment.edits = edit_script(alignment.expected, alignment.observed);
    return alignment;
}

}  // namespace exportgate::graph
