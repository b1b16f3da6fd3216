#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
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
    EXPECT_TRUE(sources.contains("planted") && sources.contains("reasons"));
    std::erase_if(sources, [](const std::string& source) { return !TorchVersion::parse(source); });
    EXPECT_EQ(sources.size(), 10U);
    EXPECT_GT(recorded_findings().size(), 4000U);
}

/// What is left without an explanation on purpose: uncovered.tsv.
struct Uncovered {
    std::string cell;  // a glob
    std::string line;  // a glob on the first line of the finding
    std::string why;
    bool is_met = false;
};

std::vector<Uncovered> uncovered() {
    std::vector<Uncovered> all;
    std::ifstream file(std::filesystem::path(EXPORTGATE_TEST_DATA) / "uncovered.tsv");
    EXPECT_TRUE(file);
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        const auto fields = split(line, '\t');
        EXPECT_EQ(fields.size(), 3U) << line;
        if (fields.size() == 3)
            all.push_back({std::string(fields[0]), std::string(fields[1]), std::string(fields[2])});
    }
    return all;
}

TEST(Catalogue, ExplainsEveryFindingOfEveryRecordButThoseThatAreListed) {
    std::vector<Uncovered> listed = uncovered();
    std::set<std::string> missing;
    for (const SeenFinding& one : recorded_findings()) {
        if (!explanations(shipped(), one.finding, one.seen).empty()) continue;
        const std::string line = one.finding.lines.empty() ? "" : one.finding.lines.front();
        const auto known = std::find_if(listed.begin(), listed.end(), [&](const Uncovered& each) {
            return glob_matches(each.cell, one.seen.cell.name()) && glob_matches(each.line, line);
        });
        if (known == listed.end()) missing.insert(text_of(one));
        if (known != listed.end()) known->is_met = true;
    }
    EXPECT_THAT(missing, testing::IsEmpty())
        << "add an entry to harness/catalogue/entries, or a line to uncovered.tsv";
    for (const Uncovered& each : listed) {
        EXPECT_FALSE(each.why.empty()) << each.cell;
        EXPECT_TRUE(each.is_met) << each.cell << " is explained, or not recorded: remove its line";
    }
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
