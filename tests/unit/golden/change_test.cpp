#include "golden/change.h"

#include <gmock/gmock.h>

#include "base/text.h"
#include "golden/checks_column.h"
#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::HasSubstr;

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.empty()) return {};
    const auto all = split(text, '\n');
    return {all.begin(), all.end()};
}

/// `text` with the hunks of a unified diff applied; each line that is kept or removed must be
/// there.
std::string patched(const std::string& text, std::span<const std::string> diff) {
    const Lines old = lines_of(text);
    Lines now;
    std::size_t at = 0;
    for (const std::string& line : diff) {
        if (line.starts_with("--- ") || line.starts_with("+++ ")) continue;
        if (line.starts_with("@@ -")) {
            const auto first = std::stoul(line.substr(4));
            const bool is_empty = line.substr(0, line.find(" +")).ends_with(",0");
            const std::size_t begin = is_empty ? first : first - 1;
            for (; at < begin; ++at)
                now.push_back(old.at(at));
        } else if (line.starts_with('+')) {
            now.push_back(line.substr(1));
        } else {
            EXPECT_EQ(old.at(at), line.substr(1));
            if (line.starts_with(' ')) now.push_back(old.at(at));
            ++at;
        }
    }
    for (; at < old.size(); ++at)
        now.push_back(old.at(at));
    return now.empty() ? "" : join(now, "\n") + "\n";
}

/// `before` with a change applied, by nothing but the change's text.
outcome::Outcome applied(const outcome::Outcome& before, const std::string& change) {
    const Lines lines = lines_of(change);
    outcome::Outcome after = before;
    const std::string status = lines.at(0).substr(lines.at(0).find("-> ") + 3);
    for (const auto each : {outcome::Status::exported, outcome::Status::rejected}) {
        if (outcome::to_string(each) == status) after.status = each;
    }
    std::size_t at = 1;
    for (; at < lines.size() && !lines[at].starts_with("--- ") && !lines[at].ends_with(" program");
         ++at) {
        const auto check = parse_checks(std::string_view(lines[at]).substr(1)).value().at(0);
        auto& checks = after.checks;
        const auto place = std::find_if(checks.begin(), checks.end(), [&](const auto& other) {
            return other.name == check.name;
        });
        if (lines[at].starts_with('-')) {
            EXPECT_EQ(*place, check);
            const bool is_replaced =
                at + 1 < lines.size() && lines[at + 1].starts_with("+" + check.name);
            if (!is_replaced) checks.erase(place);
        } else if (place == checks.end()) {
            checks.push_back(check);
        } else {
            *place = check;
        }
    }
    const auto heading = std::find(lines.begin(), lines.end(), "decomposed program");
    after.text = patched(before.text, std::span(lines.begin() + static_cast<long>(at), heading));
    if (heading != lines.end())
        after.decomposed = patched(before.decomposed, std::span(heading + 1, lines.end()));
    return after;
}

std::string numbered(int first, int last) {
    std::string body;
    for (int i = first; i <= last; ++i)
        body += "line " + std::to_string(i) + "\n";
    return body;
}

outcome::Outcome failing(outcome::Outcome outcome) {
    outcome.checks[1] = {"run", outcome::CheckStatus::fail, {"pair {b}: | refused"}, {"seen"}, 2};
    return outcome;
}

/// Members of one group that differ where nothing changes, and others.
TEST(Change, OfAGroupTakesEachMemberToWhatCame) {
    const std::string same = numbered(1, 9);
    const std::vector<std::pair<outcome::Outcome, outcome::Outcome>> members{
        {exported(same + "end a"), failing(exported("new\n" + same + "end a"))},
        {exported(same + "end b"), failing(exported("new\n" + same + "end b"))},
        {a, b},
        {a, rejected("no")},
        {rejected("no"), a},
        {with_decomposed(a, "x"), with_decomposed(a, "y")},
        {with_decomposed(a, "x"), failing(a)},
        // A value more: all that follow have other numbers, and so have other members of a group.
        {exported("  %1 = f(%0)\n  %2 = g(%1)\n  %3 = h(%2)"),
         exported("  %1 = f(%0)\n  %2 = new(%1)\n  %3 = g(%2)\n  %4 = h(%3)")},
        {exported("  %1 = f(%0)\n  %2 = g(%1)\n  %3 = h(%1)"),
         exported("  %1 = f(%0)\n  %2 = new(%1)\n  %3 = g(%2)\n  %4 = h(%1)")},
    };
    for (const auto& [before, after] : members) {
        const std::string change = change_text(&before, after);
        for (const auto& [other, other_after] : members) {
            if (change_text(&other, other_after) != change) continue;
            const auto made = applied(other, change);
            EXPECT_EQ(made, other_after) << change;
            EXPECT_EQ(print_checks(made.checks), print_checks(other_after.checks)) << change;
        }
    }
    EXPECT_EQ(change_text(&members[0].first, members[0].second),
              change_text(&members[1].first, members[1].second));
}

TEST(Change, ThatEndsElsewhereIsAnother) {
    EXPECT_NE(change_text(&a, b), change_text(&a, exported("c")));
    EXPECT_NE(change_text(&a, failing(a)), change_text(&a, failing(b)));
    EXPECT_NE(change_text(nullptr, a), change_text(&b, a));
    EXPECT_NE(change_text(nullptr, a), change_text(nullptr, with_decomposed(a, "x")));
}

TEST(Change, OfACellThatNothingIsExpectedOfIsAllOfIt) {
    const std::string change = change_text(nullptr, failing(a));
    EXPECT_THAT(change, HasSubstr("none -> exported\n+dims=pass\n+run.2=fail{"));
    EXPECT_EQ(applied({}, change), failing(a));
}

TEST(Change, HasANameThatChangesWithIt) {
    EXPECT_EQ(change_name("x").size(), 8);
    EXPECT_EQ(change_name("x"), change_name("x"));
    EXPECT_NE(change_name("x"), change_name("y"));
}

}  // namespace
}  // namespace exportgate::golden
