#include "report/change_steps.h"

#include <algorithm>

#include "base/printable.h"
#include "base/text.h"
#include "graph/graph.h"
#include "outcome/certain_assertions.h"
#include "outcome/facts_text.h"
#include "outcome/parts.h"

namespace exportgate::report {
namespace {

using outcome::CheckResult;
using outcome::Outcome;
using outcome::Status;

const CheckResult* check_named(const Outcome& outcome, const std::string& name) {
    const auto found = std::find_if(outcome.checks.begin(), outcome.checks.end(),
                                    [&](const auto& check) { return check.name == name; });
    return found == outcome.checks.end() ? nullptr : &*found;
}

/// "rejected in export: ValueError"; "exported", whatever its checks say.
std::string status_words(const Outcome& outcome) {
    return outcome.status == Status::exported ? outcome::to_string(outcome.status)
                                              : outcome::headline(outcome);
}

class StepCollector {
  public:
    StepCollector(const GeneralWords& words, DiffCache& diffs) : words_(words), diffs_(diffs) {}

    void outcome(const Outcome& before, const Outcome& after) {
        const auto old_words = status_words(before);
        const auto new_words = status_words(after);
        if (old_words != new_words)
            add(StepPart::outcome, Step::Kind::became, old_words + " -> " + new_words);
    }

    void checks(const Outcome& before, const Outcome& after) {
        for (const auto& check : after.checks) {
            const auto* old = check_named(before, check.name);
            if (old && old->status != check.status) {
                became(check.name,
                       outcome::to_string(old->status) + " -> " + outcome::to_string(check.status));
            } else if (!old && check.status == outcome::CheckStatus::fail) {
                became(check.name, "fails");
            }
            reasons(check.name, old ? old->reasons : std::vector<std::string>(), check.reasons);
        }
        for (const auto& check : before.checks) {
            if (check_named(after, check.name)) continue;
            if (check.status == outcome::CheckStatus::fail)
                became(check.name, "failed, and is no more carried out");
            reasons(check.name, check.reasons, {});
        }
    }

    void program(StepPart part, const std::string& before, const std::string& after) {
        if (before == after) return;
        if (before.empty() || after.empty()) {
            add(part, Step::Kind::became,
                before.empty() ? "there is a decomposed program now"
                               : "there is no decomposed program any more");
            return;
        }
        const auto old_program = outcome::without_certain_assertions(before);
        const auto new_program = outcome::without_certain_assertions(after);
        const std::string which =
            part == StepPart::program ? "the program" : "the decomposed program";
        if (old_program.count != new_program.count) {
            const bool more = new_program.count > old_program.count;
            add(StepPart::assertions, more ? Step::Kind::added : Step::Kind::removed,
                "an assertion in " + which + " that always holds",
                more ? new_program.count - old_program.count
                     : old_program.count - new_program.count);
        }
        if (old_program.text == new_program.text) {
            if (old_program.count == new_program.count) {
                add(StepPart::assertions, Step::Kind::became,
                    "assertions in " + which + " that always hold are others");
            }
            return;
        }
        const auto [diff, is_new] = diffs_.try_emplace({old_program.text, new_program.text});
        if (is_new) diff->second = graph::text_diff(old_program.text, new_program.text);
        std::vector<std::string> lines;
        for (const auto line : split(diff->second, '\n')) {
            if (!line.starts_with("---") && !line.starts_with("+++")) lines.emplace_back(line);
        }
        for (const auto& line : words_.program(lines, old_program.text, new_program.text))
            add(part, line[0] == '-' ? Step::Kind::removed : Step::Kind::added, line.substr(1));
    }

    /// Of the sections that both have.
    void facts(const Outcome& before, const Outcome& after) {
        const auto old_facts = outcome::read_facts(before.facts);
        const auto new_facts = outcome::read_facts(after.facts);
        if (old_facts.revision != new_facts.revision) return;
        for (const auto& [name, lines] : new_facts.sections) {
            const auto old = old_facts.sections.find(name);
            if (old == old_facts.sections.end() || old->second == lines) continue;
            for (const auto& line : old->second)
                add_once(lines, line, Step::Kind::removed, name);
            for (const auto& line : lines)
                add_once(old->second, line, Step::Kind::added, name);
        }
    }

    void message(const Outcome& before, const Outcome& after) {
        const auto old_refusal = refusal_of(before);
        const auto new_refusal = refusal_of(after);
        const auto& old_lines = old_refusal.message;
        const auto& new_lines = new_refusal.message;
        difference(StepPart::message, "", old_lines, new_lines);
        if (old_lines.empty() || new_lines.empty() || old_lines == new_lines) return;
        if (!has_step_of(steps_, StepPart::message)) {
            add(StepPart::message, Step::Kind::became,
                "the message has other names, numbers or blank lines");
        }
        // In a group of several exceptions, which cell refuses with which.
        if (old_refusal.exception == new_refusal.exception)
            ++steps_[{StepPart::message, Step::Kind::became, new_refusal.exception, "differs"}];
    }

    Steps finish() {
        return std::move(steps_);
    }

  private:
    void add(StepPart part, Step::Kind kind, std::string words, std::size_t count = 1) {
        steps_[{part, kind, "", std::move(words)}] += count;
    }

    void add_once(const std::vector<std::string>& others, const std::string& line, Step::Kind kind,
                  const std::string& section) {
        if (std::find(others.begin(), others.end(), line) == others.end())
            add(StepPart::facts, kind, section + ": " + words_.message(line));
    }

    void became(const std::string& check, std::string words) {
        ++steps_[{StepPart::check, Step::Kind::became, check, std::move(words)}];
    }

    void reasons(const std::string& check, const std::vector<std::string>& before,
                 const std::vector<std::string>& after) {
        difference(StepPart::check, check, before, after);
    }

    /// Of two lists of lines, whatever their order.
    void difference(StepPart part, const std::string& subject,
                    const std::vector<std::string>& before, const std::vector<std::string>& after) {
        std::map<std::string, std::int64_t> balance;
        for (const auto& line : after)
            ++balance[words_.message(line)];
        for (const auto& line : before)
            --balance[words_.message(line)];
        for (const auto& [line, count] : balance) {
            if (count == 0 || line.empty()) continue;
            const auto kind = count > 0 ? Step::Kind::added : Step::Kind::removed;
            steps_[{part, kind, subject, line}] +=
                static_cast<std::size_t>(count > 0 ? count : -count);
        }
    }

    /// Empty where torch does not refuse.
    static outcome::Refusal refusal_of(const Outcome& outcome) {
        auto parts = outcome::parts_of(outcome);
        auto* refusal = std::get_if<outcome::Refusal>(&parts);
        return refusal ? std::move(*refusal) : outcome::Refusal();
    }

    const GeneralWords& words_;
    DiffCache& diffs_;
    Steps steps_;
};

}  // namespace

Steps steps_of(const Outcome& before, const Outcome& after, const GeneralWords& words,
               DiffCache& diffs) {
    StepCollector collector(words, diffs);
    collector.outcome(before, after);
    collector.checks(before, after);
    if (before.status == Status::exported && after.status == Status::exported) {
        collector.program(StepPart::program, before.text, after.text);
        collector.program(StepPart::decomposed, before.decomposed, after.decomposed);
        collector.facts(before, after);
    }
    collector.message(before, after);
    return collector.finish();
}

bool has_step_of(const Steps& steps, StepPart part) {
    return std::any_of(steps.begin(), steps.end(),
                       [&](const auto& step) { return step.first.part == part; });
}

std::string line_of(const Step& step) {
    const std::string sign = step.kind == Step::Kind::became    ? ""
                             : step.kind == Step::Kind::removed ? "- "
                                                                : "+ ";
    std::string subject;
    if (!step.subject.empty()) {
        subject = step.part == StepPart::message ? "the message of " + step.subject + " "
                                                 : "check " + step.subject + ": ";
    }
    return printable(sign + subject + step.words);
}

}  // namespace exportgate::report
