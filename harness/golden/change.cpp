#include "golden/change.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "golden/checks_column.h"
#include "graph/exact_diff.h"
#include "outcome/facts_text.h"

namespace exportgate::golden {
namespace {

using outcome::CheckResult;

constexpr std::size_t name_digits = 8;

std::string word_of(const std::vector<CheckResult>& checks, const std::string& name) {
    const auto found = std::find_if(checks.begin(), checks.end(),
                                    [&](const auto& check) { return check.name == name; });
    return found == checks.end() ? "" : print_checks(std::span(&*found, 1));
}

void add_word(char mark, const std::string& word, std::string& text) {
    if (!word.empty()) text.append(1, mark).append(word).append("\n");
}

std::string checks_change(const std::vector<CheckResult>& before,
                          const std::vector<CheckResult>& after) {
    std::string text;
    for (const std::string& name : outcome::check_names()) {
        const std::string old_word = word_of(before, name);
        const std::string new_word = word_of(after, name);
        if (old_word == new_word) continue;
        add_word('-', old_word, text);
        add_word('+', new_word, text);
    }
    return text;
}

}  // namespace

std::string change_text(const outcome::Outcome* before, const outcome::Outcome& after) {
    static const outcome::Outcome nothing;
    const outcome::Outcome& old = before ? *before : nothing;
    std::string text = (before ? outcome::to_string(old.status) : std::string("none")) + " -> " +
                       outcome::to_string(after.status) + "\n";
    text += checks_change(old.checks, after.checks) +
            graph::exact_diff(outcome::stored_text(old), outcome::stored_text(after));
    const std::string decomposed = graph::exact_diff(old.decomposed, after.decomposed);
    return decomposed.empty() ? text : text + "decomposed program\n" + decomposed;
}

std::string change_text(const Golden& golden, const record::Environment& environment,
                        const Pending& pending) {
    const auto cell = matrix::parse_cell(matrix::cell_name(golden.case_name, pending.cell));
    const Row* row = cell ? expected(golden, *cell, environment).row : nullptr;
    return change_text(row ? &row->outcome : nullptr, pending.outcome);
}

std::string change_name(const std::string& change) {
    return digest(change).substr(0, name_digits);
}

}  // namespace exportgate::golden
