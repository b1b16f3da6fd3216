#include "verdict/waive.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/text.h"
#include "matrix/name_pattern.h"

namespace exportgate::verdict {
namespace {

bool can_be_waived(Verdict verdict, Against against) {
    switch (verdict) {
        case Verdict::improved:  // a stale golden that one does not want to accept yet
            return against == Against::goldens;
        case Verdict::changed:
        case Verdict::regressed:
            return true;
        case Verdict::as_expected:
        case Verdict::cosmetic:
        case Verdict::waived:
        case Verdict::new_:
        case Verdict::case_error:
        case Verdict::unobserved:
            return false;
    }
    return false;
}

constexpr auto longest_time_of_a_waiver = std::chrono::days(366);

/// The differences that the waiver does not name.
std::vector<Place> not_covered(const std::set<Place>& places, const matrix::Waiver& waiver) {
    std::vector<Place> others;
    std::copy_if(places.begin(), places.end(), std::back_inserter(others), [&](const auto& place) {
        return std::find(waiver.differs.begin(), waiver.differs.end(), place) ==
               waiver.differs.end();
    });
    return others;
}

class Waiving {
  public:
    Waiving(Judged& judged, const Date& today, Against against)
        : judged_(judged), today_(today), against_(against) {
        if (auto torch = TorchVersion::parse(judged.environment.torch)) torch_ = *torch;
        for (auto& judgement : judged.judgements)
            judgements_.emplace(judgement.cell.name(), &judgement);
    }

    /// `asked`: the cases of one folder.
    void apply(std::span<const matrix::Case> asked, const matrix::Waiver& waiver) {
        std::vector<matrix::Cell> declared = matrix::cells_of(asked);
        const std::string folder = matrix::folder_of(asked.front().name);
        std::vector<std::string> names;
        for (const auto& cell : declared)
            names.push_back(cell.name_in_folder());
        std::erase_if(declared, [&](const auto& cell) {
            return !matrix::name_matches(matrix::cell_name(folder, waiver.cells), cell.name());
        });
        if (declared.empty()) {
            const std::string near = closest(waiver.cells, names);
            fail(waiver, "matches no declared cell",
                 near.empty() ? "`exportgate list` shows the cells; leave the case's name away"
                              : "did you mean \"" + near + "\"?");
            return;
        }
        if (!torch_ || !waiver.torch.holds(*torch_)) return;
        std::vector<Judgement*> covered;
        for (const auto& cell : declared) {
            if (const auto found = judgements_.find(cell.name()); found != judgements_.end())
                covered.push_back(found->second);
        }
        if (covered.empty()) return;
        if (waiver.expires < today_) {
            fail(waiver, "expired on " + to_string(waiver.expires) + ": " + waiver.reason,
                 "renew it, or accept the outcome and remove it");
            return;
        }
        const bool all_good = std::all_of(covered.begin(), covered.end(), [](const auto* each) {
            return each->verdict == Verdict::as_expected;
        });
        if (all_good && covered.size() == declared.size() && against_ == Against::goldens) {
            fail(waiver, "waives nothing: all its cells are as expected on torch " + torch_->text(),
                 "remove it, or narrow its torch range");
            return;
        }
        if (std::chrono::sys_days(waiver.expires) >
            std::chrono::sys_days(today_) + longest_time_of_a_waiver) {
            fail(waiver,
                 "expires on " + to_string(waiver.expires) + ", more than a year from today",
                 "name a day within a year: somebody has to look again");
            return;
        }
        for (auto* judgement : covered) {
            if (!can_be_waived(judgement->verdict, against_)) continue;
            const auto places = places_of(judgement->reasons);
            auto others = not_covered(places, waiver);
            // A cell of which no difference is known is not covered either.
            if (places.empty() || !others.empty()) {
                judgement->reasons.emplace_back(
                    NotWaived{waiver.file, waiver.line, std::move(others)});
                continue;
            }
            judgement->waiver =
                Waived{waiver.reason, waiver.url, waiver.expires, judgement->verdict};
            judgement->verdict = Verdict::waived;
        }
    }

  private:
    void fail(const matrix::Waiver& waiver, const std::string& what, std::string remedy) {
        judged_.failures.push_back({waiver.file, waiver.line,
                                    "the waiver of \"" + waiver.cells + "\" " + what,
                                    std::move(remedy)});
    }

    Judged& judged_;
    Date today_;
    Against against_;
    std::optional<TorchVersion> torch_;
    std::map<std::string, Judgement*> judgements_;
};

}  // namespace

void apply_waivers(Judged& judged, std::span<const matrix::Case> cases, const Date& today,
                   Against against) {
    const bool any = std::any_of(cases.begin(), cases.end(),
                                 [](const auto& asked) { return !asked.waivers.empty(); });
    if (!any) return;
    Waiving waiving(judged, today, against);
    for (auto first = cases.begin(); first != cases.end();) {
        const auto last = std::find_if(first, cases.end(), [&](const auto& other) {
            return matrix::folder_of(other.name) != matrix::folder_of(first->name);
        });
        for (const auto& waiver : first->waivers)
            waiving.apply({first, last}, waiver);
        first = last;
    }
}

std::string describe(const Waived& waiver) {
    return "until " + to_string(waiver.expires) + ": " + waiver.reason + " (" + waiver.url + ")";
}

}  // namespace exportgate::verdict
