// Remedies are tried: tests/remedies says with which case, and end_to_end/remedies runs it.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "matrix/toml_input.h"
#include "recorded_findings.h"

namespace exportgate::catalogue {
namespace {

struct Row {
    std::string entry;
    std::string cell;
};

struct Rows {
    std::vector<Row> tried;
    std::map<std::string, std::string> untried;  // entry -> why
};

std::string text_in(const toml::table& table, std::string_view key) {
    return table[key].value_or(std::string());
}

Rows read_rows() {
    Rows rows;
    const std::filesystem::path folder =
        std::filesystem::path(EXPORTGATE_SOURCE_DIR) / "tests" / "remedies";
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".toml") continue;
        const toml::table parsed = toml::parse_file(file.path().string());
        for (const char* kind : {"tried", "untried"}) {
            const toml::array* array = parsed[kind].as_array();
            if (array == nullptr) continue;
            for (const toml::node& node : *array) {
                const toml::table& table = *node.as_table();
                if (std::string_view(kind) == "tried")
                    rows.tried.push_back({text_in(table, "entry"), text_in(table, "cell")});
                else
                    rows.untried[text_in(table, "entry")] = text_in(table, "why");
            }
        }
    }
    return rows;
}

const Rows& rows() {
    static const Rows all = read_rows();
    return all;
}

std::set<std::string> tried_entries() {
    std::set<std::string> entries;
    for (const Row& row : rows().tried)
        entries.insert(row.entry);
    return entries;
}

bool is_planted(const SeenFinding& one) {
    return one.source == "planted" || one.source == "reasons" || one.source == "guards" ||
           one.source == "loops";
}

TEST(Remedies, OfEachReasonThatAPlantedDefectMeetsIsTriedOrSaysWhyNot) {
    const std::set<std::string> tried = tried_entries();
    std::set<std::string> missing;
    for (const SeenFinding& one : recorded_findings()) {
        if (!is_planted(one)) continue;
        const auto found = explanations(shipped(), one.finding, one.seen);
        if (found.empty()) continue;
        const std::string& id = found.front().entry->id;
        if (!tried.contains(id) && !rows().untried.contains(id)) missing.insert(id);
    }
    EXPECT_THAT(missing, testing::IsEmpty()) << "try the fix, and add a row to tests/remedies";
}

TEST(Remedies, AreTriedWithCasesThatMetTheReason) {
    std::set<std::pair<std::string, std::string>> met;
    for (const SeenFinding& one : recorded_findings()) {
        if (!is_planted(one) && one.source != "2.13.0") continue;
        for (const Explanation& found : explanations(shipped(), one.finding, one.seen))
            met.emplace(found.entry->id, one.seen.cell.name());
    }
    for (const Row& row : rows().tried)
        EXPECT_TRUE(met.contains({row.entry, row.cell}))
            << row.cell << " does not meet " << row.entry << " in any record";
}

TEST(Remedies, ThatWereTriedSayWithWhichRelease) {
    const std::set<std::string> tried = tried_entries();
    for (const std::string& id : shipped().ids()) {
        EXPECT_EQ(!shipped().find(id)->tried.empty(), tried.contains(id))
            << id << ": `tried` of the entry and the rows of tests/remedies differ";
    }
}

TEST(Remedies, ThatWereNotTriedAreOfKnownEntriesAndSayWhy) {
    for (const auto& [id, why] : rows().untried) {
        EXPECT_NE(shipped().find(id), nullptr) << id;
        EXPECT_FALSE(why.empty()) << id;
    }
}

}  // namespace
}  // namespace exportgate::catalogue
