#include "report/upgrade_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "report/change_kind.h"
#include "report/group_words.h"
#include "report/reason_words.h"
#include "report/upgrade_change.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using verdict::Judgement;
using verdict::Upgrade;
using verdict::Verdict;

constexpr std::array blocking_first{Verdict::regressed, Verdict::case_error, Verdict::unobserved,
                                    Verdict::new_,      Verdict::changed,    Verdict::waived,
                                    Verdict::improved};

/// What the report shows of a cell, except for the lines around what changed.
std::vector<std::string> exact_lines(const Change& change) {
    auto lines = change.reasons;
    lines.insert(lines.end(), change.message.begin(), change.message.end());
    for (const auto* diff : {&change.diff, &change.decomposed_diff}) {
        for (const auto& line : *diff) {
            if (line.starts_with("-") || line.starts_with("+")) lines.push_back(line);
        }
    }
    return lines;
}

const matrix::Case* case_named(const Upgrade& upgrade, const std::string& name) {
    const auto found = std::find_if(upgrade.cases.begin(), upgrade.cases.end(),
                                    [&](const auto& case_) { return case_.name == name; });
    return found == upgrade.cases.end() ? nullptr : &*found;
}

const matrix::Pair* pair_of(const Upgrade& upgrade, const matrix::Cell& cell) {
    const auto* case_ = case_named(upgrade, cell.case_name);
    if (!case_) return nullptr;
    const auto found = std::find_if(case_->pairs.begin(), case_->pairs.end(),
                                    [&](const auto& pair) { return pair.name == cell.pair; });
    return found == case_->pairs.end() ? nullptr : &*found;
}

class Grouping {
  public:
    explicit Grouping(const Upgrade& upgrade) : upgrade_(upgrade) {}

    void add(const Judgement& judgement) {
        const GeneralWords words(case_named(upgrade_, judgement.cell.case_name),
                                 pair_of(upgrade_, judgement.cell));
        auto change = change_of(upgrade_, judgement, diffs_);
        auto steps = steps_of_cell(judgement, words);
        const auto [known, is_new] =
            places_.try_emplace(kind_of(judgement, change, steps, words), groups_.size());
        if (is_new) {
            groups_.push_back({judgement.verdict,
                               verdict::is_to_review(judgement),
                               verdict::blocks(judgement, upgrade_.strict),
                               std::move(change),
                               {},
                               {},
                               false,
                               false,
                               false,
                               {}});
            members_.emplace_back();
        } else {
            tell_apart(groups_[known->second], change, members_[known->second].front() == steps);
        }
        groups_[known->second].cells.push_back(judgement.cell);
        members_[known->second].push_back(std::move(steps));
        count_gain(known->second, judgement);
    }

    /// Cells of another verdict never join what came before.
    void next_verdict() {
        places_.clear();
    }

    std::vector<ChangeGroup> finish() {
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            auto& group = groups_[i];
            group.steps = steps_of_group(members_[i]);
            group.change.summary = summary_of(group);
            for (const auto& [gain, count] : gains_[i])
                group.gains.push_back(fmt::format("{} ({})", gain, counted(count, "cell")));
        }
        return std::move(groups_);
    }

  private:
    Steps steps_of_cell(const Judgement& judgement, const GeneralWords& words) {
        if (!judgement.expected || !judgement.observed ||
            judgement.verdict == Verdict::unobserved) {
            return {};
        }
        auto steps = steps_of(*judgement.expected, *judgement.observed, words, diffs_);
        for (const auto& reason : judgement.reasons) {
            const auto* difference = std::get_if<verdict::Difference>(&reason);
            if (difference && std::holds_alternative<verdict::OfSavedProgram>(difference->what)) {
                ++steps[{StepPart::saved_program, Step::Kind::added, "",
                         words.message(words_of(reason))}];
            }
        }
        return steps;
    }

    /// In what a cell with the same steps differs from the first cell of its group.
    static void tell_apart(ChangeGroup& group, const Change& change, bool has_same_steps) {
        if (!has_same_steps) return;  // the steps say it
        const auto& first = group.change;
        if (exact_lines(first) != exact_lines(change)) {
            group.other_words = true;
        } else if (first.diff != change.diff || first.decomposed_diff != change.decomposed_diff) {
            group.other_context = true;
        }
        if (first.before != change.before || first.after != change.after) group.other_checks = true;
    }

    static std::vector<GroupStep> steps_of_group(const std::vector<Steps>& members) {
        std::map<Step, GroupStep> all;
        for (std::size_t cell = 0; cell < members.size(); ++cell) {
            for (const auto& [step, count] : members[cell]) {
                auto& entry = all[step];
                entry.step = step;
                entry.cells.push_back(cell);
                entry.counts.push_back(count);
            }
        }
        std::vector<GroupStep> steps;
        for (auto& entry : all)
            steps.push_back(std::move(entry.second));
        return steps;
    }

    void count_gain(std::size_t place, const Judgement& judgement) {
        if (gains_.size() <= place) gains_.resize(place + 1);
        const auto gain = gain_of(judgement);
        if (gain.empty()) return;
        auto& gains = gains_[place];
        const auto found = std::find_if(gains.begin(), gains.end(),
                                        [&](const auto& g) { return g.first == gain; });
        if (found == gains.end()) {
            gains.emplace_back(gain, 1);
        } else {
            ++found->second;
        }
    }

    const Upgrade& upgrade_;
    DiffCache diffs_;
    std::vector<ChangeGroup> groups_;
    std::vector<std::vector<Steps>> members_;                              // of groups_, by cell
    std::vector<std::vector<std::pair<std::string, std::size_t>>> gains_;  // of groups_
    std::map<std::string, std::size_t> places_;                            // by kind
};

}  // namespace

std::vector<ChangeGroup> change_groups(const Upgrade& upgrade) {
    Grouping grouping(upgrade);
    for (const auto verdict : blocking_first) {
        grouping.next_verdict();
        for (const auto& judgement : upgrade.judged.judgements) {
            if (judgement.verdict == verdict) grouping.add(judgement);
        }
    }
    return grouping.finish();
}

}  // namespace exportgate::report
