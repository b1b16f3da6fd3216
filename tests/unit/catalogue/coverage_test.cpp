#include <gmock/gmock.h>

#include <map>
#include <set>

#include "recorded_findings.h"

namespace exportgate::catalogue {
namespace {

/// By the id of the entry, what it explains.
std::map<std::string, std::vector<const SeenFinding*>> explained() {
    std::map<std::string, std::vector<const SeenFinding*>> by_id;
    for (const SeenFinding& one : recorded_findings()) {
        for (const Explanation& found : explanations(shipped(), one.finding, one.seen))
            by_id[found.entry->id].push_back(&one);
    }
    return by_id;
}

bool is_release(const SeenFinding& one) {
    return TorchVersion::parse(one.source).has_value();
}

TEST(Catalogue, TheRecordsShowRejectionsAndFailingChecksOfTenReleases) {
    std::set<std::string> sources;
    for (const SeenFinding& one : recorded_findings())
        sources.insert(one.source);
    EXPECT_EQ(sources.size(), 12U);
    EXPECT_GT(recorded_findings().size(), 4000U);
}

TEST(Catalogue, ExplainsEveryFindingOfEveryRecord) {
    std::set<std::string> missing;
    for (const SeenFinding& one : recorded_findings()) {
        if (explanations(shipped(), one.finding, one.seen).empty()) missing.insert(text_of(one));
    }
    EXPECT_THAT(missing, testing::IsEmpty());
}

TEST(Catalogue, HasNoEntryThatNothingRecordedShows) {
    const auto by_id = explained();
    for (const std::string& id : shipped().ids())
        EXPECT_TRUE(by_id.contains(id)) << id << " explains nothing";
}

TEST(Catalogue, SaysOfEachEntryInWhichRecordedReleasesItShows) {
    const auto by_id = explained();
    for (const std::string& id : shipped().ids()) {
        ASSERT_TRUE(by_id.contains(id)) << id;
        std::vector<TorchVersion> releases;
        for (const SeenFinding* one : by_id.at(id)) {
            if (is_release(*one)) releases.push_back(one->seen.torch);
        }
        std::vector<std::string> expected;
        if (!releases.empty()) {
            const auto [first, last] = std::minmax_element(releases.begin(), releases.end());
            expected = {first->text(), last->text()};
        }
        EXPECT_EQ(shipped().find(id)->recorded, expected) << id;
    }
}

}  // namespace
}  // namespace exportgate::catalogue
