#include <algorithm>
#include <map>

#include "graph/alignment.h"
#include "graph/graph.h"

namespace exportgate::graph {
namespace {

using Differences = std::vector<StructuralDifference>;

std::string quoted_or_none(const std::string& text) {
    return text.empty() ? "none" : text;
}

void compare_inputs(const Canonical& a, const Canonical& b, Differences& differences) {
    if (a.inputs.size() != b.inputs.size()) {
        differences.push_back(
            {About::number_of_inputs, "inputs: " + std::to_string(a.inputs.size()) + " -> " +
                                          std::to_string(b.inputs.size())});
    }
    for (std::size_t i = 0; i < std::min(a.inputs.size(), b.inputs.size()); ++i) {
        const Input& before = a.inputs[i];
        const Input& after = b.inputs[i];
        const std::string input = "input " + std::to_string(i);
        if (before.kind != after.kind)
            differences.push_back({About::input, input + ": " + before.kind + " -> " + after.kind});
        if (before.target != after.target) {
            differences.push_back({About::input, input +
                                                     " target: " + quoted_or_none(before.target) +
                                                     " -> " + quoted_or_none(after.target)});
        }
        if (before.dtype != after.dtype) {
            differences.push_back({About::input, input + " dtype: " + quoted_or_none(before.dtype) +
                                                     " -> " + quoted_or_none(after.dtype)});
        }
        if (before.subclass != after.subclass) {
            differences.push_back({About::input, input +
                                                     " class: " + quoted_or_none(before.subclass) +
                                                     " -> " + quoted_or_none(after.subclass)});
        }
        if (before.shape.size() != after.shape.size()) {
            differences.push_back(
                {About::input, input + " rank: " + std::to_string(before.shape.size()) + " -> " +
                                   std::to_string(after.shape.size())});
            continue;
        }
        for (std::size_t d = 0; d < before.shape.size(); ++d) {
            if (before.shape[d] == after.shape[d]) continue;
            differences.push_back({About::input, input + " dim " + std::to_string(d) + ": " +
                                                     before.shape[d] + " -> " + after.shape[d]});
        }
    }
}

std::string range(const Symbol& symbol) {
    return symbol.lower.empty() ? "no range" : symbol.lower + ".." + symbol.upper;
}

void compare_symbols(const Canonical& a, const Canonical& b, Differences& differences) {
    std::map<std::string, const Symbol*> after;
    for (const Symbol& symbol : b.symbols)
        after.emplace(symbol.name, &symbol);
    for (const Symbol& symbol : a.symbols) {
        const auto at = after.find(symbol.name);
        if (at == after.end()) {
            differences.push_back({About::what_follows,
                                   "symbol " + symbol.name + " (" + range(symbol) + ") is gone"});
            continue;
        }
        if (range(symbol) != range(*at->second)) {
            differences.push_back({About::what_follows, "symbol " + symbol.name + ": range " +
                                                            range(symbol) + " -> " +
                                                            range(*at->second)});
        }
        after.erase(at);
    }
    for (const Symbol& symbol : b.symbols) {
        if (after.contains(symbol.name))
            differences.push_back(
                {About::what_follows, "symbol " + symbol.name + " (" + range(symbol) + ") is new"});
    }
}

struct Call {
    std::string number;    // "5", of the value it gives; empty where the line is no call
    std::string target;    // "aten.add.Tensor"
    std::string operands;  // "(%3, %4)"
};

/// "  %5 = aten.add.Tensor(%3, %4)"
Call call_of(const std::string& line) {
    const std::size_t equals = line.find(" = ");
    if (!line.starts_with("  ") || equals == std::string::npos) return {};
    Call call;
    call.number = line.substr(2, line.find(' ', 2) - 2);
    if (call.number.starts_with('%')) call.number.erase(0, 1);
    const std::string right = line.substr(equals + 3);
    const std::size_t bracket = right.find('(');
    const bool is_call = bracket != std::string::npos && bracket > 0 && right.find(' ') > bracket;
    call.target = is_call ? right.substr(0, bracket) : "getitem or operator";
    call.operands = is_call ? right.substr(bracket) : right;
    return call;
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " call" + (count == 1 ? " " : "s ") + what;
}

class LineComparison {
  public:
    LineComparison(const Alignment& alignment, Differences& differences)
        : alignment_(alignment), differences_(differences) {}

    void compare() {
        std::string section;
        for (const Edit& edit : alignment_.edits) {
            const std::string& line = edit.kind == Edit::Kind::add
                                          ? alignment_.observed[edit.after]
                                          : alignment_.expected[edit.before];
            if (edit.kind == Edit::Kind::keep) {
                flush(section);
                if (!line.empty() && line[0] != ' ') section = line;
            } else if (edit.kind == Edit::Kind::remove) {
                removed_.push_back(line);
            } else {
                added_.push_back(line);
            }
        }
        flush(section);
        for (const auto& [target, count] : gone_)
            differences_.push_back({About::calls, counted(count, "removed: " + target)});
        for (const auto& [target, count] : new_)
            differences_.push_back({About::calls, counted(count, "added: " + target)});
    }

  private:
    void flush(const std::string& section) {
        // The facts about symbols and inputs are compared one by one, elsewhere.
        if (section != "symbols" && section != "inputs") pair(section);
        removed_.clear();
        added_.clear();
    }

    /// The alignment gave the number of the old line to the new line that stands for the same
    /// value.
    void pair(const std::string& section) {
        std::multimap<std::string, std::size_t> by_number;  // keeps the order of equal numbers
        for (std::size_t i = 0; i < added_.size(); ++i)
            by_number.emplace(call_of(added_[i]).number, i);
        std::vector<bool> paired(added_.size(), false);
        for (const std::string& before : removed_) {
            const auto at = by_number.lower_bound(call_of(before).number);
            if (at == by_number.end() || at->first != call_of(before).number) {
                single(before, gone_, "removed: ");
                continue;
            }
            paired[at->second] = true;
            replaced(section, before, added_[at->second]);
            by_number.erase(at);
        }
        for (std::size_t i = 0; i < added_.size(); ++i) {
            if (!paired[i]) single(added_[i], new_, "added: ");
        }
    }

    void replaced(const std::string& section, const std::string& before, const std::string& after) {
        const Call old_call = call_of(before);
        const Call new_call = call_of(after);
        if (old_call.number.empty() || new_call.number.empty()) {
            differences_.push_back({About::other, (section.empty() ? "text" : section) + ": " +
                                                      trimmed(before) + " -> " + trimmed(after)});
        } else if (old_call.target != new_call.target) {
            differences_.push_back({About::other, "call " + old_call.number + ": " +
                                                      old_call.target + " -> " + new_call.target});
        } else {
            differences_.push_back({About::other, "call " + old_call.number + " " +
                                                      old_call.target + ": " + old_call.operands +
                                                      " -> " + new_call.operands});
        }
    }

    void single(const std::string& line, std::map<std::string, std::size_t>& counts,
                const std::string& what) {
        const Call call = call_of(line);
        if (!call.number.empty()) {
            ++counts[call.target];
        } else if (!line.empty()) {
            differences_.push_back({About::what_follows, what + trimmed(line)});
        }
    }

    static std::string trimmed(const std::string& line) {
        const std::size_t first = line.find_first_not_of(' ');
        return first == std::string::npos ? line : line.substr(first);
    }

    const Alignment& alignment_;
    Differences& differences_;
    std::vector<std::string> removed_;
    std::vector<std::string> added_;
    std::map<std::string, std::size_t> gone_;
    std::map<std::string, std::size_t> new_;
};

}  // namespace

std::vector<StructuralDifference> structural_diff(const Canonical& a, const Canonical& b) {
    Differences differences;
    if (a.text == b.text) return differences;
    compare_inputs(a, b, differences);
    compare_symbols(a, b, differences);
    LineComparison(align(a.text, b.text), differences).compare();
    // Whatever has no name here (the name of a requested dim, say) still is a difference.
    if (differences.empty()) differences.push_back({About::other, "the canonical texts differ"});
    return differences;
}

}  // namespace exportgate::graph
