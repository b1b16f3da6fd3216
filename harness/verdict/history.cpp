#include "verdict/history.h"

#include <algorithm>
#include <map>

#include "outcome/case_error.h"

namespace exportgate::verdict {
namespace {

using outcome::Outcome;

class CellReader {
  public:
    explicit CellReader(const Asked& asked) : asked_(asked) {}

    CellInRelease next(const CellSeen& seen, std::size_t release) {
        CellInRelease entry;
        entry.seen = &seen;
        if (!seen.outcome) return entry;
        const Outcome& outcome = *seen.outcome;
        find_variant(outcome, entry);
        entry.is_case_error = outcome::case_error(outcome, *asked_.case_, *asked_.cell).has_value();
        if (previous_ != nullptr) {
            const auto comparison = compare(*previous_, outcome, asked_);
            entry.since = Since{release_of_previous_, comparison.verdict, reasons_of(comparison)};
        }
        previous_ = &outcome;
        release_of_previous_ = release;
        return entry;
    }

  private:
    struct Variant {
        const Outcome* first;
        std::size_t like;
    };

    void find_variant(const Outcome& outcome, CellInRelease& entry) {
        entry.grade = outcome::grade_of(outcome);
        auto& variants = variants_[entry.grade];
        auto known = std::find_if(variants.begin(), variants.end(), [&](const auto& each) {
            return compare(*each.first, outcome, asked_).verdict == Verdict::as_expected;
        });
        if (known == variants.end()) {
            const auto like = variants.empty() ? 0 : last_[entry.grade];
            known = variants.insert(known, {&outcome, like});
        }
        entry.variant = static_cast<std::size_t>(known - variants.begin()) + 1;
        entry.first = known->first;
        entry.like = known->like;
        if (entry.like > 0) entry.first_like = variants[entry.like - 1].first;
        last_[entry.grade] = entry.variant;
    }

    Asked asked_;
    std::map<outcome::Grade, std::vector<Variant>> variants_;
    std::map<outcome::Grade, std::size_t> last_;  // the variant that came last
    const Outcome* previous_ = nullptr;
    std::size_t release_of_previous_ = 0;
};

}  // namespace

std::vector<CellInRelease> history(const matrix::Cell& cell, const matrix::Case& declared,
                                   std::span<const Release> releases, std::size_t number) {
    CellReader reader({&declared, &cell});
    std::vector<CellInRelease> entries;
    for (std::size_t i = 0; i < releases.size(); ++i)
        entries.push_back(reader.next(releases[i].cells.at(number), i));
    return entries;
}

}  // namespace exportgate::verdict
