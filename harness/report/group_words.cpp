#include "report/group_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/printable.h"
#include "base/text.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

/// "a, b and c"
std::string in_a_sentence(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 < words.size() ? ", " : " and ") + words[i];
    return text;
}

bool is_of_all(const GroupStep& step, const ChangeGroup& group) {
    return step.cells.size() == group.cells.size() &&
           std::all_of(step.counts.begin(), step.counts.end(),
                       [&](auto count) { return count == step.counts.front(); });
}

bool is_uniform(const ChangeGroup& group) {
    return std::all_of(group.steps.begin(), group.steps.end(),
                       [&](const auto& step) { return is_of_all(step, group); });
}

/// "runtime assertions that always hold are added", where a group has no other steps.
std::string about_certain_assertions(const ChangeGroup& group) {
    const auto& steps = group.steps;
    const auto all = [&](auto is) { return std::all_of(steps.begin(), steps.end(), is); };
    if (steps.empty() ||
        !all([](const auto& each) { return each.step.part == StepPart::assertions; }))
        return "";
    if (all([](const auto& each) { return each.step.kind == Step::Kind::added; }))
        return "the program has more runtime assertions, which always hold";
    if (all([](const auto& each) { return each.step.kind == Step::Kind::removed; }))
        return "the program lacks runtime assertions, which always held";
    return "the program has other runtime assertions, which always hold";
}

/// "the message of ValueError differs", where torch refuses before and after, each time with one
/// exception; "the messages of TypeError and ValueError differ".
std::string about_message(const ChangeGroup& group) {
    std::vector<std::string> exceptions;
    for (const auto& [step, cells, counts] : group.steps) {
        if (step.part == StepPart::outcome) return "";
        if (step.part == StepPart::message && !step.subject.empty())
            exceptions.push_back(step.subject);
    }
    if (exceptions.empty()) return "";
    const bool is_one = exceptions.size() == 1;
    return fmt::format("the message{} of {} differ{}", is_one ? "" : "s",
                       printable(in_a_sentence(exceptions)), is_one ? "s" : "");
}

/// "checks run and retrace fail -> pass", of the checks that turned in any cell.
std::string about_checks(const ChangeGroup& group) {
    std::vector<std::pair<std::string, std::vector<std::string>>> turns;
    for (const auto& name : outcome::check_names()) {
        for (const auto& [step, cells, counts] : group.steps) {
            if (step.part != StepPart::check || step.kind != Step::Kind::became ||
                step.subject != name) {
                continue;
            }
            auto known = std::find_if(turns.begin(), turns.end(), [&step = step](const auto& turn) {
                return turn.first == step.words;
            });
            if (known == turns.end()) known = turns.insert(turns.end(), {step.words, {}});
            known->second.push_back(name);
        }
    }
    return turned_words(turns);
}

bool turns_are_of_all(const ChangeGroup& group) {
    return std::all_of(group.steps.begin(), group.steps.end(), [&](const auto& each) {
        const bool turns =
            each.step.part == StepPart::check && each.step.kind == Step::Kind::became;
        return !turns || is_of_all(each, group);
    });
}

/// "rejected in export: ValueError -> exported"
std::string about_outcome(const ChangeGroup& group) {
    for (const auto& [step, cells, counts] : group.steps) {
        if (step.part == StepPart::outcome) return printable(step.words);
    }
    return "";
}

/// Whether checks say what is better or worse: then how the programs differ is not what matters.
bool is_told_by_checks(const ChangeGroup& group) {
    return group.change.both_exported && (group.verdict == verdict::Verdict::regressed ||
                                          group.verdict == verdict::Verdict::improved);
}

std::string range_of(const std::vector<std::size_t>& counts) {
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    if (*most == 1) return "";
    return *least == *most ? fmt::format(" ({} times)", *most)
                           : fmt::format(" ({} to {} times)", *least, *most);
}

}  // namespace

std::string summary_of(const ChangeGroup& group) {
    for (const auto& words : {about_certain_assertions(group), about_message(group)}) {
        if (!words.empty()) return words;
    }
    if (is_uniform(group)) return group.change.summary;
    if (const auto words = about_outcome(group); !words.empty()) return words;
    if (turns_are_of_all(group)) return group.change.summary;
    const auto words = about_checks(group);
    return words.empty() ? group.change.summary : words + ", in part";
}

std::vector<std::string> steps_in_part(const ChangeGroup& group) {
    std::vector<std::string> lines;
    if (is_uniform(group)) return lines;
    std::vector<const GroupStep*> shown;
    std::array<std::set<std::size_t>, 2> others;
    for (const auto& step : group.steps) {
        const auto part = step.step.part;
        const bool is_line_of_program = part == StepPart::program || part == StepPart::decomposed;
        if (is_of_all(step, group)) continue;
        if (is_line_of_program && is_told_by_checks(group)) {
            others[part == StepPart::program ? 0 : 1].insert(step.cells.begin(), step.cells.end());
        } else {
            shown.push_back(&step);
        }
    }
    std::stable_sort(shown.begin(), shown.end(), [](const auto* a, const auto* b) {
        return std::tuple(a->step.part, a->step.kind != Step::Kind::became, b->cells.size()) <
               std::tuple(b->step.part, b->step.kind != Step::Kind::became, a->cells.size());
    });
    const auto add = [&](std::size_t count, const std::string& words) {
        const auto all = group.cells.size();
        lines.push_back(count == all
                            ? fmt::format("all {}: {}", counted(all, "cell"), words)
                            : fmt::format("{} of {}: {}", count, counted(all, "cell"), words));
    };
    for (const auto* step : shown)
        add(step->cells.size(), line_of(step->step) + range_of(step->counts));
    if (!others[0].empty()) add(others[0].size(), "the program differs too");
    if (!others[1].empty()) add(others[1].size(), "the decomposed program differs too");
    return lines;
}

std::string how_others_differ(const ChangeGroup& group) {
    std::vector<std::string> ways;
    if (group.other_words) ways.emplace_back("in names and numbers of their case and pair");
    if (group.other_context) ways.emplace_back("in lines around that did not change");
    if (group.other_checks) ways.emplace_back("in checks that fail before and after");
    if (ways.empty()) return "";
    return (is_uniform(group) ? "the others differ from it only "
                              : "others with the same steps differ from it only ") +
           in_a_sentence(ways);
}

}  // namespace exportgate::report
