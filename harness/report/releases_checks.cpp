#include "report/releases_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/printable.h"
#include "record/check_table.h"
#include "report/cell_sets.h"
#include "report/check_reasons.h"
#include "report/pair_difference.h"

namespace exportgate::report {
namespace {

using outcome::CheckResult;
using outcome::CheckStatus;
using outcome::Status;

using CellNumbers = std::vector<std::size_t>;

/// One reason of one check, while the outcomes are read.
struct Collected {
    std::vector<std::string> texts;  // different ones, which differ in numbers of pairs
    std::string place;
    std::vector<CellNumbers> cells;  // one per release, ascending

    std::size_t outcomes() const {
        std::size_t sum = 0;
        for (const auto& of_release : cells)
            sum += of_release.size();
        return sum;
    }
};

class Collector {
  public:
    Collector(std::span<const matrix::Case> cases, std::span<const matrix::Cell> cells,
              std::size_t releases)
        : cells_(cells), releases_(releases), exported_(releases) {
        for (const auto& declared : cases)
            cases_.emplace(declared.name, &declared);
    }

    void add(std::size_t release, std::size_t cell, const outcome::Outcome& outcome) {
        if (outcome.status != Status::exported) return;
        ++exported_[release];
        for (const auto& check : outcome.checks)
            add(release, cell, check);
    }

    ReleasesChecks finish() const {
        ReleasesChecks all{exported_, {}};
        for (const auto& check : checks_) {
            CheckRow row{check.name, check.failing, check.decided, check.carried_out, {}};
            auto reasons = check.reasons;
            std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) {
                return a.outcomes() > b.outcomes();
            });
            for (const auto& reason : reasons)
                row.reasons.push_back(reason_of(reason));
            all.rows.push_back(std::move(row));
        }
        return all;
    }

  private:
    struct Check {
        std::string name;
        std::vector<std::size_t> failing;
        std::vector<std::size_t> decided;
        std::vector<std::size_t> carried_out;
        std::vector<Collected> reasons;
        std::map<std::string, std::size_t> places;  // in reasons, by the text without pairs
    };

    /// Checks stand in the order of the table, whichever release had them first.
    std::vector<Check>::iterator place_of(const std::string& name) {
        const auto number = [](const std::string& one) {
            const auto& names = outcome::check_names();
            return std::find(names.begin(), names.end(), one) - names.begin();
        };
        return std::find_if(checks_.begin(), checks_.end(),
                            [&](const auto& each) { return number(each.name) > number(name); });
    }

    void add(std::size_t release, std::size_t cell, const CheckResult& result) {
        auto check = std::find_if(checks_.begin(), checks_.end(),
                                  [&](const auto& each) { return each.name == result.name; });
        if (check == checks_.end()) {
            const std::vector<std::size_t> none(releases_);
            check = checks_.insert(place_of(result.name), {result.name, none, none, none, {}, {}});
        }
        ++check->carried_out[release];
        if (result.status != CheckStatus::not_applicable) ++check->decided[release];
        if (result.status != CheckStatus::fail) return;
        ++check->failing[release];
        const auto& declared = *cases_.at(cells_[cell].case_name);
        for (const auto& reason : said_reasons(result, cells_[cell].pair, declared.pairs)) {
            const auto [at, is_new] =
                check->places.emplace(without_pairs(reason.what, declared), check->reasons.size());
            if (is_new)
                check->reasons.push_back(
                    {{}, {}, std::vector<CellNumbers>(releases_, CellNumbers{})});
            auto& collected = check->reasons[at->second];
            auto& texts = collected.texts;
            if (std::find(texts.begin(), texts.end(), reason.what) == texts.end())
                texts.push_back(reason.what);
            if (collected.place.empty() && !reason.places.empty())
                collected.place = reason.places.front();
            // A check may say the same at its own pair and at another.
            auto& seen = collected.cells[release];
            if (seen.empty() || seen.back() != cell) seen.push_back(cell);
        }
    }

    FailingReason reason_of(const Collected& collected) const {
        FailingReason reason{
            printable(said_at_once(collected.texts)), printable(collected.place), {}};
        const CellNumbers* last = nullptr;
        for (std::size_t release = 0; release < releases_; ++release) {
            const auto& cells = collected.cells[release];
            if (last && *last == cells) {
                reason.where.back().releases.last = release;
                continue;
            }
            last = cells.empty() ? nullptr : &cells;
            if (!last) continue;
            std::vector<matrix::Cell> named;
            for (const auto cell : cells)
                named.push_back(cells_[cell]);
            reason.where.push_back(
                {{release, release}, cells.size(), describe_across_cases(named, cells_)});
        }
        return reason;
    }

    std::span<const matrix::Cell> cells_;
    std::size_t releases_;
    std::vector<std::size_t> exported_;
    std::map<std::string, const matrix::Case*> cases_;
    std::vector<Check> checks_;
};

}  // namespace

std::string count_text(const CheckRow& row, std::size_t release) {
    if (row.carried_out[release] == 0) return "";
    if (!record::is_consumer(row.name)) return std::to_string(row.failing[release]);
    if (row.decided[release] == 0) return "n/a";
    return fmt::format("{} of {}", row.failing[release], row.decided[release]);
}

ReleasesChecks releases_checks(std::span<const matrix::Case> cases,
                               std::span<const matrix::Cell> cells,
                               std::span<const verdict::Release> releases) {
    Collector collector(cases, cells, releases.size());
    for (std::size_t release = 0; release < releases.size(); ++release) {
        for (std::size_t cell = 0; cell < cells.size(); ++cell) {
            const auto& seen = releases[release].cells.at(cell);
            if (seen.outcome) collector.add(release, cell, *seen.outcome);
        }
    }
    return collector.finish();
}

}  // namespace exportgate::report
