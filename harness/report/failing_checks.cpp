#include "report/failing_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/cell_sets.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using outcome::CheckStatus;
using verdict::Judgement;

constexpr std::size_t indent_of_checks = 2;

struct Failing {
    std::string check;
    std::vector<matrix::Cell> cells;
    std::size_t newly = 0;  // of them, where it was expected not to fail
};

bool fails_in(const outcome::Outcome& outcome, const std::string& check) {
    return std::any_of(outcome.checks.begin(), outcome.checks.end(), [&](const auto& each) {
        return each.name == check && each.status == CheckStatus::fail;
    });
}

std::vector<Failing> failing_in(std::span<const Judgement> judgements) {
    std::vector<Failing> checks;
    for (const auto& judgement : judgements) {
        if (!judgement.observed) continue;
        for (const auto& check : judgement.observed->checks) {
            auto found = std::find_if(checks.begin(), checks.end(),
                                      [&](const auto& each) { return each.check == check.name; });
            if (found == checks.end())
                found = checks.insert(checks.end(), Failing{check.name, {}, 0});
            if (check.status != CheckStatus::fail) continue;
            found->cells.push_back(judgement.cell);
            if (judgement.expected && !fails_in(*judgement.expected, check.name)) ++found->newly;
        }
    }
    std::erase_if(checks, [](const auto& each) { return each.cells.empty(); });
    return checks;
}

/// By folder of cases, how many of its exported cells: "big (2 of 8)", "one (all 4)".
std::vector<std::string> by_case(std::span<const matrix::Cell> failing,
                                 std::span<const matrix::Cell> exported) {
    std::vector<std::string> texts;
    for (const auto& cell : failing) {
        const std::string folder = cell.folder();
        if (!texts.empty() && texts.back().starts_with(folder + " (")) continue;
        const auto of_case = [&](const auto& each) { return each.folder() == folder; };
        const auto fails = std::count_if(failing.begin(), failing.end(), of_case);
        const auto all = std::count_if(exported.begin(), exported.end(), of_case);
        texts.push_back(fails == all ? fmt::format("{} (all {})", folder, all)
                                     : fmt::format("{} ({} of {})", folder, fails, all));
    }
    return texts;
}

/// Of one case: which combinations; of several: which cases.
std::vector<std::string> places_of(std::span<const matrix::Cell> failing,
                                   std::span<const matrix::Cell> exported,
                                   std::span<const matrix::Cell> all) {
    const bool one_case = failing.front().folder() == failing.back().folder();
    return one_case ? describe(failing, all) : by_case(failing, exported);
}

/// The first of `sets`, as many as fit into `room`, and how many are left.
std::string as_fits(const std::vector<std::string>& sets, std::size_t room) {
    constexpr std::size_t room_for_the_rest = 10;  // ", 12 more"
    std::string text;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const std::string next = (i == 0 ? "" : ", ") + sets[i];
        const bool is_last = i + 1 == sets.size();
        if (i > 0 && text.size() + next.size() + (is_last ? 0 : room_for_the_rest) > room)
            return text + fmt::format(", {} more", sets.size() - i);
        text += next;
    }
    return text;
}

}  // namespace

document::Document failing_checks(std::span<const Judgement> judgements, std::size_t width) {
    const auto checks = failing_in(judgements);
    if (checks.empty()) return {};
    std::vector<matrix::Cell> all;
    std::vector<matrix::Cell> exported;
    for (const auto& judgement : judgements) {
        all.push_back(judgement.cell);
        if (judgement.observed && judgement.observed->status == outcome::Status::exported)
            exported.push_back(judgement.cell);
    }
    std::size_t name_width = 0;
    for (const auto& check : checks)
        name_width = std::max(name_width, check.check.size());
    document::Paragraph lines;
    for (const auto& check : checks) {
        const std::string head =
            fmt::format("{:<{}}  {:>4}  ", check.check, name_width, check.cells.size());
        const std::string newly = check.newly == 0 ? "" : fmt::format("({} newly) ", check.newly);
        const auto used = indent_of_checks + head.size() + newly.size();
        lines.lines.push_back(
            {{head},
             {newly, document::Style::bad},
             {as_fits(places_of(check.cells, exported, all), width > used ? width - used : 0)}});
    }
    return {document::Fold{
        {{fmt::format("Failing checks, of {}", counted(exported.size(), "exported cell"))}},
        {std::move(lines)}}};
}

}  // namespace exportgate::report
