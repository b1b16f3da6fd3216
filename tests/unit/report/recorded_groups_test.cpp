// The groups of real upgrades. What a group says of its cells is checked against the outcomes: its
// steps, taken from what a cell came to in A, give what it comes to in B.

#include <gmock/gmock.h>

#include <algorithm>

#include "base/text.h"
#include "matrix/case.h"
#include "outcome/certain_assertions.h"
#include "outcome/facts_text.h"
#include "outcome/parts.h"
#include "report/general_words.h"
#include "report/upgrade_groups.h"

namespace exportgate::report {
namespace {

using outcome::Outcome;

/// A bag of lines; taking out a line that is not there leaves it below zero.
using Bag = std::map<std::string, std::int64_t>;

void add(Bag& bag, const std::string& line, std::int64_t count) {
    if ((bag[line] += count) == 0) bag.erase(line);
}

/// Values and symbols without their numbers: what one line alone can say.
std::string without_numbers(std::string_view line) {
    std::string result;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool begins = (line[i] == '%' || line[i] == 's') &&
                            (i == 0 || !std::isalnum(static_cast<unsigned char>(line[i - 1])));
        std::size_t end = i + 1;
        while (end < line.size() && std::isdigit(static_cast<unsigned char>(line[end])))
            ++end;
        const bool is_name = begins && end > i + 1;
        result += line[i];
        if (is_name) i = end - 1;
    }
    return result;
}

/// One outcome as bags, in general words.
struct Told {
    Bag status, checks, reasons, program, decomposed, facts, message;
    Bag exceptions;  // of the messages that differ
    std::int64_t assertions = 0;
    std::int64_t decomposed_assertions = 0;

    bool operator==(const Told&) const = default;
};

void tell_program(const std::string& text, const GeneralWords& words, Bag& lines,
                  std::int64_t& assertions) {
    const auto without = outcome::without_certain_assertions(text);
    assertions = static_cast<std::int64_t>(without.count);
    for (const auto line : split(without.text, '\n')) {
        const std::vector<std::string> alone{"+" + std::string(line)};
        const auto general = words.program(alone, without.text, without.text).front();
        add(lines, without_numbers(std::string_view(general).substr(1)), 1);
    }
}

Told told(const Outcome& outcome, const GeneralWords& words) {
    Told result;
    const bool exported = outcome.status == outcome::Status::exported;
    add(result.status, exported ? "exported" : outcome::headline(outcome), 1);
    for (const auto& check : outcome.checks) {
        add(result.checks, check.name + ": " + outcome::to_string(check.status), 1);
        for (const auto& reason : check.reasons)
            add(result.reasons, check.name + ": " + words.message(reason), 1);
    }
    const auto parts = outcome::parts_of(outcome);
    if (const auto* refusal = std::get_if<outcome::Refusal>(&parts)) {
        for (const auto& line : refusal->message) {
            if (!line.empty()) add(result.message, words.message(line), 1);
        }
    }
    if (!exported) return result;
    tell_program(outcome.text, words, result.program, result.assertions);
    tell_program(outcome.decomposed, words, result.decomposed, result.decomposed_assertions);
    return result;
}

/// Takes the steps of `group` that name its cell `place`.
void take_steps(const ChangeGroup& group, std::size_t place, Told& told) {
    for (const auto& each : group.steps) {
        const auto found = std::find(each.cells.begin(), each.cells.end(), place);
        if (found == each.cells.end()) continue;
        const auto& step = each.step;
        const auto count = static_cast<std::int64_t>(
                               each.counts[static_cast<std::size_t>(found - each.cells.begin())]) *
                           (step.kind == Step::Kind::removed ? -1 : 1);
        const bool became = step.kind == Step::Kind::became;
        const auto arrow = step.words.find(" -> ");
        switch (step.part) {
            case StepPart::outcome:
                add(told.status, step.words.substr(0, arrow), -1);
                add(told.status, step.words.substr(arrow + 4), 1);
                break;
            case StepPart::check:
                if (!became) {
                    add(told.reasons, step.subject + ": " + step.words, count);
                } else if (arrow != std::string::npos) {
                    add(told.checks, step.subject + ": " + step.words.substr(0, arrow), -1);
                    add(told.checks, step.subject + ": " + step.words.substr(arrow + 4), 1);
                } else {
                    add(told.checks, step.subject + ": fail", step.words == "fails" ? 1 : -1);
                }
                break;
            case StepPart::assertions:
                (step.words.find("decomposed") == std::string::npos ? told.assertions
                                                                    : told.decomposed_assertions) +=
                    count;
                break;
            case StepPart::program:
                add(told.program, without_numbers(step.words), count);
                break;
            case StepPart::decomposed:
                if (!became) add(told.decomposed, without_numbers(step.words), count);
                break;
            case StepPart::message:
                if (!became) add(told.message, step.words, count);
                if (!step.subject.empty()) add(told.exceptions, step.subject, -1);
                break;
            case StepPart::facts:
                add(told.facts, step.words, count);
                break;
            case StepPart::saved_program:
                break;
        }
    }
}

/// Of the sections that both have, the lines that are not the same.
void tell_facts(const Outcome& one, const Outcome& other, const GeneralWords& words, Told& told) {
    const auto others = outcome::read_facts(other.facts).sections;
    for (const auto& [name, lines] : outcome::read_facts(one.facts).sections) {
        const auto found = others.find(name);
        if (found == others.end()) continue;
        for (const auto& line : lines)
            add(told.facts, name + ": " + words.message(line), 1);
    }
}

/// The exception that torch raises on both sides with another message, which one step names.
void tell_exception(const Outcome& one, const Outcome& other, Told& told) {
    const auto before = outcome::parts_of(one);
    const auto after = outcome::parts_of(other);
    const auto* was = std::get_if<outcome::Refusal>(&before);
    const auto* is = std::get_if<outcome::Refusal>(&after);
    if (was && is && was->exception == is->exception && was->message != is->message)
        add(told.exceptions, was->exception, 1);
}

/// What the steps do not tell: the program of a cell that exports on one side only (the report has
/// gains for it), the checks that it then passes, and a decomposed program that comes or goes.
void leave_out_untold(Told& told, bool both_exported, bool both_decomposed) {
    if (!both_exported) {
        told.program.clear();
        told.assertions = 0;
        std::erase_if(told.checks,
                      [](const auto& check) { return !check.first.ends_with(": fail"); });
    }
    if (!both_exported || !both_decomposed) {
        told.decomposed.clear();
        told.decomposed_assertions = 0;
    }
}

const verdict::Judgement& judgement_of(const verdict::Upgrade& upgrade, const matrix::Cell& cell) {
    const auto& judgements = upgrade.judged.judgements;
    return *std::find_if(judgements.begin(), judgements.end(),
                         [&](const auto& judgement) { return judgement.cell == cell; });
}

GeneralWords words_of(const verdict::Upgrade& upgrade, const matrix::Cell& cell) {
    for (const auto& case_ : upgrade.cases) {
        if (case_.name != cell.case_name) continue;
        for (const auto& pair : case_.pairs) {
            if (pair.name == cell.pair) return {&case_, &pair};
        }
    }
    return {nullptr, nullptr};
}

/// Whether the steps of `group` take the cell from what it came to in A to `after`.
bool steps_lead_to(const verdict::Upgrade& upgrade, const ChangeGroup& group, std::size_t place,
                   const Outcome& after) {
    const auto& before = *judgement_of(upgrade, group.cells[place]).expected;
    const auto words = words_of(upgrade, group.cells[place]);
    auto start = told(before, words);
    auto end = told(after, words);
    const auto exported = outcome::Status::exported;
    const bool both = before.status == exported && after.status == exported;
    const bool both_decomposed = !before.decomposed.empty() && !after.decomposed.empty();
    if (both) {
        tell_facts(before, after, words, start);
        tell_facts(after, before, words, end);
    }
    tell_exception(before, after, start);
    take_steps(group, place, start);
    leave_out_untold(start, both, both_decomposed);
    leave_out_untold(end, both, both_decomposed);
    return start == end;
}

class RecordedUpgrade : public testing::TestWithParam<std::pair<const char*, const char*>> {
  protected:
    void SetUp() override {
        auto cases = matrix::load_cases(EXPORTGATE_SOURCE_DIR "/cases");
        ASSERT_TRUE(cases);
        const auto before = read(GetParam().first);
        const auto after = read(GetParam().second);
        ASSERT_TRUE(before);
        ASSERT_TRUE(after);
        const auto cells = matrix::cells_of(*cases);
        upgrade_ = verdict::upgrade(*before, *after, *cases, cells, false);
        groups_ = change_groups(upgrade_);
    }

    static Result<record::Record> read(const std::string& release) {
        return record::read_record(EXPORTGATE_SOURCE_DIR "/tests/recordings/" + release + ".jsonl");
    }

    verdict::Upgrade upgrade_;
    std::vector<ChangeGroup> groups_;
};

TEST_P(RecordedUpgrade, HasAtMostTenGroups) {
    EXPECT_LE(groups_.size(), 10U);
}

TEST_P(RecordedUpgrade, TheStepsOfAGroupTakeEachCellFromAToB) {
    std::size_t cells = 0;
    for (const auto& group : groups_) {
        for (std::size_t place = 0; place < group.cells.size(); ++place, ++cells) {
            const auto& after = judgement_of(upgrade_, group.cells[place]).observed;
            ASSERT_TRUE(after) << group.cells[place].name();
            EXPECT_TRUE(steps_lead_to(upgrade_, group, place, *after))
                << group.cells[place].name() << " in: " << group.change.summary;
        }
    }
    std::size_t changed = 0;
    for (const auto& judgement : upgrade_.judged.judgements) {
        changed += judgement.verdict != verdict::Verdict::as_expected &&
                   judgement.verdict != verdict::Verdict::cosmetic;
    }
    EXPECT_EQ(cells, changed);
}

/// Small damages of what a cell comes to in B.
std::vector<Outcome> mutants_of(const Outcome& outcome) {
    std::vector<Outcome> mutants;
    const auto damage = [&](const std::string& old, const std::string& now) {
        for (auto text : {&Outcome::text, &Outcome::decomposed}) {
            auto mutant = outcome;
            const auto place = (mutant.*text).find(old);
            if (place == std::string::npos) continue;
            (mutant.*text).replace(place, old.size(), now);
            mutants.push_back(mutant);
        }
    };
    damage("aten.add.Tensor", "aten.sub.Tensor");
    damage("USER_OUTPUT", "USER_INPUT_MUTATION");
    damage("[2], True)", "[1], True)");
    damage("exception: ", "exception: builtins.");
    damage("dynamic", "static");
    for (std::size_t i = 0; i < outcome.checks.size(); ++i) {
        auto mutant = outcome;
        auto& check = mutant.checks[i];
        const bool passes = check.status == outcome::CheckStatus::pass;
        check.status = passes ? outcome::CheckStatus::fail : outcome::CheckStatus::pass;
        mutants.push_back(mutant);
        mutant = outcome;
        mutant.checks[i].reasons.emplace_back("one more reason");
        mutants.push_back(mutant);
    }
    return mutants;
}

TEST_P(RecordedUpgrade, TheStepsOfAGroupDoNotLeadToAnythingElse) {
    std::size_t mutants = 0;
    for (const auto& group : groups_) {
        for (std::size_t place = 0; place < group.cells.size(); ++place) {
            const auto& judgement = judgement_of(upgrade_, group.cells[place]);
            // Of a cell that did not export, only what fails is told.
            if (judgement.expected->status != judgement.observed->status) continue;
            for (const auto& mutant : mutants_of(*judgement.observed)) {
                // A decomposed program that came is not told line by line.
                const bool came = judgement.expected->decomposed.empty();
                if (came && mutant.decomposed != judgement.observed->decomposed) continue;
                ++mutants;
                EXPECT_FALSE(steps_lead_to(upgrade_, group, place, mutant))
                    << group.cells[place].name() << ":\n"
                    << mutant.text;
            }
        }
    }
    EXPECT_TRUE(groups_.empty() || mutants > 0);
}

INSTANTIATE_TEST_SUITE_P(
    Releases, RecordedUpgrade,
    testing::Values(std::pair("2.6.0", "2.7.1"), std::pair("2.7.1", "2.8.0"),
                    std::pair("2.8.0", "2.9.1"), std::pair("2.9.1", "2.10.0"),
                    std::pair("2.10.0", "2.11.0"), std::pair("2.11.0", "2.12.1"),
                    std::pair("2.12.1", "2.13.0"), std::pair("2.13.0", "2.14.1"),
                    std::pair("2.14.1", "2.15.0"), std::pair("2.6.0", "2.15.0")),
    [](const auto& releases) {
        std::string name =
            std::string(releases.param.first) + "_to_" + std::string(releases.param.second);
        std::replace(name.begin(), name.end(), '.', '_');
        return name;
    });

}  // namespace
}  // namespace exportgate::report
