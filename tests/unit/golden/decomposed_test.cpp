#include <gmock/gmock.h>

#include "golden/outcome_file.h"
#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const outcome::Outcome a_to_d = with_decomposed(a, "d");
const outcome::Outcome a_to_e = with_decomposed(a, "e");

/// Case "mine" with two cells accepted at 2.13.0; both have the same decomposed program.
class Decomposed : public testing::Test {
  protected:
    Decomposed() {
        accepts("2.13.0", {{named_cell, a_to_d}, {auto_cell, with_decomposed(b, "d")}});
    }

    Golden golden() const {
        const auto loaded = load(folder_.path(), "mine");
        EXPECT_TRUE(loaded) << (loaded ? "" : all_of(loaded.error()));
        return loaded ? *loaded : Golden{};
    }
    void accepts(const std::string& version, const std::vector<Pending>& pending) {
        const auto done =
            accept(*load(folder_.path(), "mine"), torch(version), pending, Covers::all, "seen");
        ASSERT_TRUE(done) << to_string(done.error());
    }
    std::string refused(const outcome::Outcome& outcome) const {
        const std::vector<Pending> pending{{named_cell, outcome}};
        const auto done = accept(golden(), torch("2.14.0"), pending, Covers::all, "seen");
        return done ? "" : to_string(done.error());
    }
    fs::path path_of(const outcome::Outcome& outcome) const {
        return folder_.path() / "mine" / decomposed_file_name(outcome);
    }
    std::string bytes_of(const outcome::Outcome& outcome) const {
        return read_file(path_of(outcome)).value_or("missing");
    }
    void replace_in_table(const std::string& old_text, const std::string& new_text) {
        const auto table = folder_.path() / "mine" / "expected.tsv";
        std::string text = *read_file(table);
        const auto place = text.find(old_text);
        ASSERT_NE(place, std::string::npos) << text;
        ASSERT_TRUE(write_file(table, text.replace(place, old_text.size(), new_text)));
    }
    std::string errors() const {
        const auto loaded = load(folder_.path(), "mine");
        return loaded ? "" : all_of(loaded.error());
    }

    Folder folder_;
};

TEST_F(Decomposed, IsKeptInATextOfItsOwnThatRowsShare) {
    EXPECT_THAT(decomposed_file_name(a_to_d), testing::MatchesRegex("decomposed-[0-9a-f]+\\.txt"));
    EXPECT_EQ(bytes_of(a_to_d), a_to_d.decomposed);
    EXPECT_THAT(folder_.files(), SizeIs(4)) << "expected.tsv, two graphs, one decomposed";
    EXPECT_EQ(expected_outcome(golden(), named_cell, torch("2.13.0")), a_to_d);
    const std::string table = folder_.files().at("mine/expected.tsv");
    EXPECT_THAT(table, HasSubstr(outcome_file_name(a) + "\t" + decomposed_file_name(a_to_d) +
                                 "\tdims=pass"));
}

TEST_F(Decomposed, IsADashWhereThereIsNone) {
    EXPECT_EQ(decomposed_file_name(a), "");
    accepts("2.14.0", {{named_cell, a}});
    EXPECT_EQ(expected_outcome(golden(), named_cell, torch("2.14.0")), a);
    EXPECT_THAT(folder_.files().at("mine/expected.tsv"),
                HasSubstr(outcome_file_name(a) + "\t-\tdims=pass"));
}

TEST_F(Decomposed, OfTheSameGraphAloneMakesARow) {
    accepts("2.14.0", {{named_cell, a_to_e}});
    EXPECT_EQ(expected_outcome(golden(), named_cell, torch("2.13.0")), a_to_d);
    EXPECT_EQ(expected_outcome(golden(), named_cell, torch("2.14.0")), a_to_e);
    EXPECT_EQ(bytes_of(a_to_e),
              "# replaces " + decomposed_file_name(a_to_d) + "\n" + a_to_e.decomposed);
}

TEST_F(Decomposed, ThatNoRowUsesAnyMoreIsRemoved) {
    accepts("2.13.0", {{named_cell, a_to_e}});
    EXPECT_EQ(bytes_of(a_to_d), a_to_d.decomposed) << "the other row uses it";
    accepts("2.13.0", {{auto_cell, rejected("no")}});
    EXPECT_EQ(bytes_of(a_to_d), "missing");
}

TEST_F(Decomposed, ThatIsNotATextOrOfNothingExportedIsRefused) {
    auto broken = a;
    for (const char* text : {"exportgate graph 2", "exportgate graph 2\r\n"}) {
        broken.decomposed = text;
        EXPECT_THAT(refused(broken), HasSubstr("the outcome's text is empty, cut, or holds"));
    }
    EXPECT_THAT(refused(with_decomposed(rejected("no"), "d")),
                HasSubstr("a decomposed program of an outcome that is not exported"));
}

TEST_F(Decomposed, MissingEditedOrOfAnotherFormatIsAnError) {
    ASSERT_TRUE(write_file(path_of(a_to_d), "exportgate graph 2\nf\n"));
    EXPECT_THAT(errors(),
                AllOf(HasSubstr(path_of(a_to_d).string()), HasSubstr("the file was edited by hand"),
                      HasSubstr("git restore")));
    ASSERT_TRUE(write_file(path_of(a_to_d), "exportgate graph 0\nd\n"));
    EXPECT_THAT(errors(), HasSubstr("the text has canonical format 0"));
    ASSERT_TRUE(write_file(path_of(a_to_d), "exportgate graph 2\r\nd\r\n"));
    EXPECT_THAT(errors(), HasSubstr("core.autocrlf"));
    ASSERT_TRUE(write_file(path_of(a_to_d), ""));
    EXPECT_THAT(errors(), HasSubstr("the file is empty"));
    fs::remove(path_of(a_to_d));
    EXPECT_THAT(errors(), HasSubstr("the file is missing"));
}

TEST_F(Decomposed, NamesInTheTableAreRead) {
    const std::string name = decomposed_file_name(a_to_d);
    replace_in_table("\t" + name, "\t" + outcome_file_name(a));
    EXPECT_THAT(errors(), HasSubstr("expected.tsv:4: \"" + outcome_file_name(a) +
                                    "\" is not the name of a decomposed program's file"));
    replace_in_table("\t" + outcome_file_name(a) + "\t" + outcome_file_name(a),
                     "\t" + name + "\t" + name);
    EXPECT_THAT(errors(),
                HasSubstr("expected.tsv:4: \"" + name + "\" is not the name of an outcome file"));
}

TEST_F(Decomposed, OfARejectedRowIsAnError) {
    accepts("2.13.0", {{auto_cell, rejected("no")}});
    replace_in_table(outcome_file_name(rejected("no")) + "\t-",
                     outcome_file_name(rejected("no")) + "\t" + decomposed_file_name(a_to_d));
    EXPECT_THAT(errors(), HasSubstr("expected.tsv:5: a decomposed program of an outcome that is "
                                    "not exported"));
}

TEST_F(Decomposed, IsAnOrphanOnlyWhereNoRowUsesIt) {
    const std::vector<Golden> goldens{golden()};
    const std::vector<matrix::Cell> cells{cell(named_cell), cell(auto_cell)};
    EXPECT_EQ(all_of(orphans(folder_.path(), goldens, cells)), "");
    ASSERT_TRUE(write_file(path_of(a_to_e), a_to_e.decomposed));
    EXPECT_THAT(
        all_of(orphans(folder_.path(), goldens, cells)),
        HasSubstr(decomposed_file_name(a_to_e) + ": no row of expected.tsv uses this file"));
}

TEST_F(Decomposed, WaitsForAPersonWithTheRest) {
    const std::vector<Pending> pending{{named_cell, a_to_e}, {auto_cell, rejected("no")}};
    ASSERT_TRUE(write_pending(golden(), torch("2.13.0"), {}, {}, pending));
    const auto file = load_pending(golden());
    ASSERT_TRUE(file && *file) << (file ? "" : all_of(file.error()));
    EXPECT_EQ((*file)->pending.at(0).outcome, a_to_e);
    EXPECT_EQ((*file)->pending.at(1).outcome, rejected("no"));
    accepts("2.13.0", {{named_cell, a_to_e}});
    const auto left = folder_.path() / "mine" / ".pending";
    EXPECT_FALSE(fs::exists(left / decomposed_file_name(a_to_e))) << "promoted, and not left over";
    EXPECT_TRUE(fs::exists(left / outcome_file_name(rejected("no"))));
}

TEST_F(Decomposed, DamagedWhilePendingIsAnErrorAndReplacedByTheNextRun) {
    const std::vector<Pending> pending{{named_cell, a_to_e}};
    const auto write = [&] {
        ASSERT_TRUE(write_pending(golden(), torch("2.13.0"), {}, {}, pending));
    };
    write();
    const auto path = folder_.path() / "mine" / ".pending" / decomposed_file_name(a_to_e);
    ASSERT_TRUE(write_file(path, "edited\n"));
    EXPECT_THAT(all_of(load_pending(golden()).error()),
                AllOf(HasSubstr(path.string()), HasSubstr("run again")));
    fs::remove(path);
    EXPECT_THAT(all_of(load_pending(golden()).error()), HasSubstr("the file is missing"));
    write();
    EXPECT_TRUE(load_pending(golden()));
    const auto table = path.parent_path() / "pending.tsv";
    std::string text = *read_file(table);
    text.replace(text.find("decomposed-"), 11, "decompose--");
    ASSERT_TRUE(write_file(table, text));
    EXPECT_THAT(all_of(load_pending(golden()).error()), HasSubstr("pending.tsv:5: \"decompose--"));
}

TEST_F(Decomposed, OfASettledCellCounts) {
    const std::vector<std::string> as_expected{named_cell};
    const std::vector<Pending> pending{{auto_cell, rejected("no")}};
    ASSERT_TRUE(write_pending(golden(), torch("2.13.0"), {}, as_expected, pending));
    const auto settled = (*load_pending(golden()))->settled.at(0);
    EXPECT_EQ(settled.decomposed, decomposed_file_name(a_to_d));
    EXPECT_TRUE(is_expected(golden(), torch("2.13.0"), settled));
    accepts("2.13.0", {{named_cell, a_to_e}});
    EXPECT_FALSE(is_expected(golden(), torch("2.13.0"), settled));
}

}  // namespace
}  // namespace exportgate::golden
