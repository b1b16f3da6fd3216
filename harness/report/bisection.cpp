#include "report/bisection.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/cell_sets.h"
#include "report/mismatch.h"
#include "report/paint.h"
#include "report/reason_words.h"
#include "report/wording.h"

namespace exportgate::report {
namespace {

using document::Document;
using document::Style;

std::string where(const Turn& turn) {
    const bool worse = turn.turned == verdict::Verdict::regressed;
    const std::string_view first = worse                                       ? "bad"
                                   : turn.turned == verdict::Verdict::improved ? "better"
                                                                               : "changed";
    const std::string_view before = worse ? "is good" : "is as before";
    if (turn.skipped.empty())
        return fmt::format("first {}: {} {} ({} {})", first, turn.of, turn.first_bad,
                           turn.last_good, before);
    std::vector<std::string> candidates = turn.skipped;
    candidates.push_back(turn.first_bad);
    return fmt::format("first {}: one of {} {} ({} {}, and {} could not be judged)", first, turn.of,
                       join(candidates, ", "), turn.last_good, before, join(turn.skipped, ", "));
}

/// Halving finds one place. Whoever reads "first bad" must hear of another one that is known.
std::string not_the_only(const Turn& turn) {
    const bool worse = turn.turned == verdict::Verdict::regressed;
    return fmt::format("{} before it: {} {}", worse ? "bad" : "no longer as at first",
                       join(turn.earlier, ", "),
                       turn.earlier.size() == 1 ? "too, and then mended again"
                                                : "too, and in between mended again");
}

std::string came_to(const std::optional<outcome::Outcome>& outcome) {
    return outcome ? describe(*outcome) : "not observed";
}

Document about(const Turn& turn, std::span<const matrix::Cell> all) {
    std::vector<document::Text> cells;
    for (const std::string& set : describe_across_cases(turn.cells, all))
        cells.push_back({{set, Style::strong}});
    Document text{document::Paragraph{cells},
                  document::line("  " + where(turn), style_of(turn.turned))};
    document::List came;
    came.items = {{{document::literal(came_to(turn.judgement.expected))},
                   "  ",
                   {{turn.last_good, Style::plain}}},
                  {{document::literal(came_to(turn.judgement.observed))},
                   "  ",
                   {{turn.first_bad, Style::plain}}}};
    text.push_back(came);
    if (!turn.earlier.empty()) text.push_back(document::line("  " + not_the_only(turn)));
    document::List reasons;
    for (const std::string& reason : words_of(turn.judgement.reasons))
        reasons.items.push_back({{document::literal(reason)}, "  - "});
    text.push_back(reasons);
    text.push_back(document::line(fmt::format("  show more: exportgate upgrade {} --only '{}'",
                                              turn.sides, turn.cells.front().name()),
                                  Style::faint));
    text.push_back(document::Gap{});
    return text;
}

}  // namespace

bool Turn::is_like(const Turn& other) const {
    return turned == other.turned && last_good == other.last_good && first_bad == other.first_bad &&
           skipped == other.skipped && earlier == other.earlier &&
           words_of(judgement.reasons) == words_of(other.judgement.reasons);
}

Document bisection(std::span<const Turn> turns, std::span<const matrix::Cell> all,
                   std::size_t unturned, std::size_t looked_at, std::size_t count) {
    Document text;
    for (const Turn& turn : turns)
        document::add(text, about(turn, all));
    if (unturned > 0)
        text.push_back(document::line(counted(unturned, "cell") + " came to the same in both"));
    text.push_back(
        document::line(fmt::format("{} of {} looked at", looked_at, counted(count, "release"))));
    return text;
}

}  // namespace exportgate::report
