#include "verdict/verdict.h"

#include <algorithm>
#include <array>

namespace exportgate::verdict {
namespace {

constexpr std::array all{Verdict::as_expected, Verdict::cosmetic,   Verdict::waived,
                         Verdict::improved,    Verdict::changed,    Verdict::regressed,
                         Verdict::new_,        Verdict::case_error, Verdict::unobserved};

void append(Errors& all_errors, Errors more) {
    all_errors.insert(all_errors.end(), std::make_move_iterator(more.begin()),
                      std::make_move_iterator(more.end()));
}

}  // namespace

const VerdictInfo& info(Verdict verdict) {
    static constexpr VerdictInfo as_expected{"as expected", ".", false, false};
    static constexpr VerdictInfo cosmetic{"cosmetic", "=", false, false};
    static constexpr VerdictInfo waived{"waived", "w", false, false};
    static constexpr VerdictInfo improved{"improved", "+", true, false};
    static constexpr VerdictInfo changed{"changed", "~", true, false};
    static constexpr VerdictInfo regressed{"regressed", "!", true, false};
    static constexpr VerdictInfo new_{"new", "?", true, false};
    static constexpr VerdictInfo case_error{"case error", "x", false, true};
    static constexpr VerdictInfo unobserved{"unobserved", "/", false, true};
    switch (verdict) {
        case Verdict::as_expected:
            return as_expected;
        case Verdict::cosmetic:
            return cosmetic;
        case Verdict::waived:
            return waived;
        case Verdict::improved:
            return improved;
        case Verdict::changed:
            return changed;
        case Verdict::regressed:
            return regressed;
        case Verdict::new_:
            return new_;
        case Verdict::case_error:
            return case_error;
        case Verdict::unobserved:
            return unobserved;
    }
    return unobserved;  // not a verdict: nothing is known
}

bool is_settled(const Judgement& judgement) {
    const auto& left = judgement.not_compared;
    return judgement.verdict == Verdict::as_expected &&
           std::none_of(left.begin(), left.end(),
                        [](const auto& check) { return check.after > check.before; });
}

void settle(Judged& judged) {
    bool fails = !judged.failures.empty();
    bool cannot_judge = !judged.problems.empty();
    for (const auto& judgement : judged.judgements) {
        fails = fails || info(judgement.verdict).fails;
        cannot_judge = cannot_judge || info(judgement.verdict).cannot_judge;
    }
    judged.exit_code = cannot_judge ? 2 : fails ? 1 : 0;
}

void add_orphans(Judged& judged, Errors orphans) {
    append(judged.failures, std::move(orphans));
    settle(judged);
}

void add_problems(Judged& judged, Errors problems) {
    append(judged.problems, std::move(problems));
    settle(judged);
}

std::vector<std::pair<Verdict, std::size_t>> counts(std::span<const Judgement> judgements) {
    std::vector<std::pair<Verdict, std::size_t>> result;
    for (const auto verdict : all) {
        const auto count =
            std::count_if(judgements.begin(), judgements.end(),
                          [&](const auto& judgement) { return judgement.verdict == verdict; });
        if (count > 0) result.emplace_back(verdict, static_cast<std::size_t>(count));
    }
    return result;
}

}  // namespace exportgate::verdict
