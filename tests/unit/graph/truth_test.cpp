// The truth test of the canonical form: programs that were changed in torch and printed there
// (tests/recordings/programs), never through our own parser. Each row of the manifest says whether
// the change is one of structure or of spelling.
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "graph/graph.h"
#include "recordings.h"

namespace exportgate::graph {
namespace {

using testing::IsEmpty;

struct Row {
    std::string file;
    std::string base;
    std::string program;
    std::string kind;
    bool same = false;
};

std::vector<Row> manifest() {
    const std::string text = recording("manifest.tsv");
    std::vector<Row> rows;
    std::map<std::string, std::size_t> columns;
    for (const std::string_view line : split(text, '\n')) {
        if (line.empty()) continue;
        const auto cells = split(line, '\t');
        if (columns.empty()) {
            for (std::size_t i = 0; i < cells.size(); ++i)
                columns.emplace(cells[i], i);
            continue;
        }
        const auto cell = [&](const char* name) { return std::string(cells.at(columns.at(name))); };
        rows.push_back(
            {cell("file"), cell("base"), cell("program"), cell("kind"), cell("expect") == "same"});
    }
    return rows;
}

std::string canonical_text(const std::string& file) {
    const auto canonical = canonicalise(recording(file), file);
    EXPECT_TRUE(canonical.has_value()) << to_string(canonical.error());
    return canonical ? canonical->text : "";
}

TEST(Truth, CatchesEveryChangeOfStructureAndNoChangeOfSpelling) {
    std::map<std::string, std::string> bases;
    std::vector<std::string> missed;
    std::vector<std::string> false_alarms;
    for (const Row& row : manifest()) {
        auto [base, is_new] = bases.try_emplace(row.base);
        if (is_new) base->second = canonical_text(row.base);
        const auto mutant = canonicalise(recording(row.file), row.file);
        const std::string name = row.kind + ": " + row.file;
        if (!row.same) {
            if (mutant && mutant->text == base->second) missed.push_back(name);
        } else if (!mutant) {
            false_alarms.push_back(name + ": " + to_string(mutant.error()));
        } else if (mutant->text != base->second) {
            false_alarms.push_back(name + "\n" + text_diff(base->second, mutant->text));
        }
    }
    EXPECT_THAT(missed, IsEmpty());
    EXPECT_THAT(false_alarms, IsEmpty());
}

TEST(Truth, CoversTheKindsAndProgramsThatWereAskedFor) {
    std::set<std::string> caught;
    std::set<std::string> neutral;
    std::set<std::string> programs;
    for (const Row& row : manifest()) {
        (row.same ? neutral : caught).insert(row.kind);
        programs.insert(row.program);
    }
    EXPECT_GE(caught.size(), 25u);
    EXPECT_GE(neutral.size(), 10u);
    EXPECT_GE(programs.size(), 12u);
}

TEST(Truth, CanonicalisingIsIdempotent) {
    for (const std::string& file : recorded_prints()) {
        const std::string once = canonical_text(file);
        const auto twice = canonicalise(once, file);
        ASSERT_TRUE(twice.has_value()) << to_string(twice.error()) << "\n" << once;
        EXPECT_EQ(twice->text, once);
        const auto print = canonicalise(recording(file), file);
        ASSERT_EQ(twice->inputs.size(), print->inputs.size());
        for (std::size_t i = 0; i < print->inputs.size(); ++i) {
            EXPECT_EQ(twice->inputs[i].kind, print->inputs[i].kind);
            EXPECT_EQ(twice->inputs[i].target, print->inputs[i].target);
            EXPECT_EQ(twice->inputs[i].dtype, print->inputs[i].dtype);
            EXPECT_EQ(twice->inputs[i].is_constant, print->inputs[i].is_constant);
            EXPECT_EQ(twice->inputs[i].shape, print->inputs[i].shape);
        }
        EXPECT_EQ(twice->symbols.size(), print->symbols.size());
    }
}

TEST(Truth, ReadsEveryRecordedPrint) {
    const std::vector<std::string> files = recorded_prints();
    EXPECT_GE(files.size(), 12u);
    for (const std::string& file : files)
        canonical_text(file);
}

}  // namespace
}  // namespace exportgate::graph
