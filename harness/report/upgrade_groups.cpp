#include "report/upgrade_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "report/explanation.h"
#include "report/pair_difference.h"
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

/// A line of a diff that says what is baked into the program, without the values: at another pair
/// they are that pair's input.
std::string without_baked_values(const std::string& line) {
    const auto values = line.find(" = ");
    const auto leaf = line.rfind(", the values of ");
    if (values == std::string::npos || leaf == std::string::npos || leaf < values) return line;
    return line.substr(0, values) + line.substr(leaf);
}

/// The lines of the diffs that changed, without baked values.
std::string changed_lines(const Change& change) {
    std::string changed;
    for (const auto* diff : {&change.diff, &change.decomposed_diff}) {
        for (const auto& line : *diff) {
            if (line.starts_with("-") || line.starts_with("+"))
                changed += without_baked_values(line) + '\n';
        }
        changed += '\n';
    }
    return changed;
}

/// Whether a check says what is better or worse, and the program is other as well.
bool is_told_by_checks(const Change& change, Verdict verdict) {
    return change.turned && (verdict == Verdict::regressed || verdict == Verdict::improved);
}

bool is_about_the_program(const std::string& reason) {
    return reason == "the exported program differs" || reason == "the decomposed program differs";
}

/// What two cells must share to be one change: everything but the program around it.
std::string key_of(const Change& change, Verdict verdict) {
    std::string key = change.summary + '\n';
    if (!change.both_exported) key += change.before + '\n' + change.after + '\n';
    const bool told = is_told_by_checks(change, verdict);
    for (const auto& reason : change.reasons) {
        if (!told || !is_about_the_program(reason)) key += reason + '\n';
    }
    key += '\n';
    for (const auto& line : change.message)
        key += line + '\n';
    if (told) return key;
    return key + changed_lines(change);
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
        auto change = change_of(upgrade_, judgement, diffs_);
        auto key = key_of(change, judgement.verdict);
        const auto* case_ = case_named(upgrade_, judgement.cell.case_name);
        auto& candidates = by_key_[case_ ? without_pairs(key, *case_) : key];
        for (const auto place : candidates) {
            if (!joins(place, key, change, judgement)) continue;
            groups_[place].cells.push_back(judgement.cell);
            return count_gain(place, judgement);
        }
        candidates.push_back(groups_.size());
        keys_.push_back(std::move(key));
        gains_.emplace_back();
        groups_.push_back({judgement.verdict,
                           verdict::is_to_review(judgement),
                           verdict::blocks(judgement, upgrade_.strict),
                           std::move(change),
                           {judgement.cell},
                           false,
                           false,
                           false,
                           false,
                           {}});
        count_gain(groups_.size() - 1, judgement);
    }

    /// Cells of another verdict never join what came before.
    void next_verdict() {
        by_key_.clear();
    }

    std::vector<ChangeGroup> finish() {
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            for (const auto& [gain, count] : gains_[i])
                groups_[i].gains.push_back(fmt::format("{} ({})", gain, counted(count, "cell")));
        }
        return std::move(groups_);
    }

  private:
    bool joins(std::size_t place, const std::string& key, const Change& change,
               const Judgement& judgement) {
        auto& group = groups_[place];
        // Of two cases, too: many caches are declared with one set of dims and pairs.
        const auto* pair = pair_of(upgrade_, group.cells.front());
        const auto* other = pair_of(upgrade_, judgement.cell);
        const auto only_by_pair = [&](const std::string& mine, const std::string& yours) {
            return pair && other && differs_in_pair_only(mine, *pair, yours, *other);
        };
        const bool same_key = keys_[place] == key;
        if (!same_key && !only_by_pair(keys_[place], key)) return false;
        if (!same_key) group.other_pairs = true;
        const auto lines = changed_lines(group.change);
        const auto other_lines = changed_lines(change);
        if (lines != other_lines && is_told_by_checks(change, judgement.verdict)) {
            (only_by_pair(lines, other_lines) ? group.other_pairs : group.other_programs) = true;
        } else if (same_key && (change.diff != group.change.diff ||
                                change.decomposed_diff != group.change.decomposed_diff)) {
            group.other_context = true;
        }
        if (change.before != group.change.before || change.after != group.change.after)
            group.other_checks = true;
        return true;
    }

    void count_gain(std::size_t place, const Judgement& judgement) {
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
    std::vector<std::string> keys_;                                        // of groups_
    std::vector<std::vector<std::pair<std::string, std::size_t>>> gains_;  // of groups_
    std::map<std::string, std::vector<std::size_t>> by_key_;
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
