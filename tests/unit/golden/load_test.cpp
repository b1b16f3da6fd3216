#include <gmock/gmock.h>

#include "golden/outcome_file.h"
#include "samples.h"

namespace exportgate::golden {
namespace {

using namespace samples;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Case "mine" with two cells accepted at 2.13.0.
class Load : public testing::Test {
  protected:
    Load() {
        const std::vector<Pending> pending{{named_cell, exported("graph of named")},
                                           {auto_cell, rejected("batch is constant")}};
        accepted_ = accept(*load(folder_.path(), "mine"), torch("2.13.0"), pending, Covers::all,
                           "first\trecording");
    }

    fs::path table() const {
        return folder_.path() / "mine" / "expected.tsv";
    }
    fs::path text_of(const outcome::Outcome& outcome) const {
        return folder_.path() / "mine" / outcome_file_name(outcome);
    }
    void replace_in_table(const std::string& old_text, const std::string& new_text) {
        std::string text = *read_file(table());
        const auto place = text.find(old_text);
        ASSERT_NE(place, std::string::npos) << text;
        ASSERT_TRUE(write_file(table(), text.replace(place, old_text.size(), new_text)));
    }
    std::string errors() const {
        const auto golden = load(folder_.path(), "mine");
        return golden ? "" : all_of(golden.error());
    }

    Folder folder_;
    Result<Accepted> accepted_;
};

TEST_F(Load, GivesBackWhatWasAccepted) {
    ASSERT_TRUE(accepted_) << to_string(accepted_.error());
    const auto golden = load(folder_.path(), "mine");
    ASSERT_TRUE(golden) << all_of(golden.error());
    ASSERT_EQ(golden->rows.size(), 2U);
    EXPECT_EQ(golden->rows[0].cell, named_cell) << "matrix order: named before auto";
    EXPECT_EQ(golden->rows[0].outcome, exported("graph of named"));
    EXPECT_EQ(golden->rows[1].outcome, rejected("batch is constant"));
    EXPECT_EQ(golden->rows[1].why, "first\trecording");
    ASSERT_EQ(golden->recorded.size(), 1U);
    EXPECT_EQ(golden->recorded[0].text(), "2.13.0");
}

TEST_F(Load, AMissingFolderExpectsNothing) {
    const auto golden = load(folder_.path(), "other");
    ASSERT_TRUE(golden);
    EXPECT_TRUE(golden->rows.empty());
    EXPECT_EQ(golden->directory, folder_.path() / "other");
}

TEST_F(Load, TheTableIsReadable) {
    const std::string text = *read_file(table());
    EXPECT_THAT(text,
                testing::StartsWith("# exportgate expected outcomes, format 3\n# recorded: 2.13.0\n"
                                    "cell\tsince\twhen\toutcome\tfile\tdecomposed\tchecks\twhy\n" +
                                    named_cell + "\t2.13.0\t-\texported\texported-"));
    EXPECT_THAT(text, HasSubstr(".txt\t-\tdims=pass run=pass\tfirst\\trecording\n"));
}

TEST_F(Load, RefusesAnEmptyTable) {
    ASSERT_TRUE(write_file(table(), ""));
    EXPECT_THAT(errors(),
                AllOf(HasSubstr("expected.tsv: the file is empty"), HasSubstr("git restore")));
}

TEST_F(Load, RefusesBytesThatAreNotUtf8) {
    ASSERT_TRUE(write_file(table(), *read_file(table()) + "\xff\n"));
    EXPECT_THAT(errors(), HasSubstr("expected.tsv: the file is not UTF-8"));
}

TEST_F(Load, RefusesCrlfAndNamesTheSettingOfGit) {
    replace_in_table("2.13.0\n", "2.13.0\r\n");
    EXPECT_THAT(errors(), AllOf(HasSubstr("expected.tsv:2: "), HasSubstr("CRLF"),
                                HasSubstr("core.autocrlf")));
}

TEST_F(Load, RefusesATextFileWithCrlf) {
    const auto path = text_of(exported("graph of named"));
    ASSERT_TRUE(write_file(path, "exportgate graph 2\r\ngraph of named\r\n"));
    EXPECT_THAT(errors(),
                AllOf(HasSubstr(path.filename().string() + ":1: "), HasSubstr("core.autocrlf")));
}

TEST_F(Load, RefusesAnotherFormatWithTheCommandThatRewrites) {
    replace_in_table("format 3", "format 1");
    EXPECT_THAT(
        errors(),
        AllOf(HasSubstr("expected.tsv:1: the file has format 1, this exportgate reads format 3"),
              HasSubstr("exportgate accept 'mine/*' --why")));
}

TEST_F(Load, RefusesACutTable) {
    std::string text = *read_file(table());
    text.pop_back();
    ASSERT_TRUE(write_file(table(), text));
    EXPECT_THAT(errors(), HasSubstr("the last line is cut"));
}

TEST_F(Load, RefusesUnknownColumns) {
    replace_in_table("\tsince\t", "\tsinse\t");
    EXPECT_THAT(errors(), AllOf(HasSubstr("expected.tsv:3: found the columns"),
                                HasSubstr("cell, since, when, outcome")));
}

TEST_F(Load, ReportsAllErrorsOfTheTableWithTheirLines) {
    replace_in_table("recorded: 2.13.0", "recorded: 2.13.0 2.13.0 new");
    replace_in_table("\t2.13.0\t-\texported", "\t2.x\tpython\texproted");
    replace_in_table("plain/strict/auto", "plain/strikt/auto");
    const std::string text = errors();
    EXPECT_THAT(
        text,
        HasSubstr("expected.tsv:2: release 2.13.0 stands after 2.13.0, expected them ascending"));
    EXPECT_THAT(text, HasSubstr("expected.tsv:2: \"new\" is not a torch version"));
    EXPECT_THAT(text, HasSubstr("expected.tsv:4: \"2.x\" is not a torch version"));
    EXPECT_THAT(text, HasSubstr("expected.tsv:4: condition \"python\""));
    EXPECT_THAT(text, HasSubstr("expected.tsv:4: found outcome \"exproted\""));
    EXPECT_THAT(text, HasSubstr("expected.tsv:5: "));
    EXPECT_THAT(text, HasSubstr("strikt"));
}

TEST_F(Load, RefusesASinceThatWasNotRecorded) {
    replace_in_table("\t2.13.0\t-\texported", "\t2.12.0\t-\texported");
    EXPECT_THAT(errors(),
                HasSubstr("expected.tsv:4: since 2.12.0 is not among the recorded releases"));
}

TEST_F(Load, RefusesAnExportedRowWithoutChecks) {
    replace_in_table("dims=pass run=pass", "-");
    EXPECT_THAT(errors(), HasSubstr("expected.tsv:4: an exported outcome without checks"));
}

TEST_F(Load, RefusesARowWithoutAReason) {
    replace_in_table("first\\trecording", "-");
    EXPECT_THAT(errors(), HasSubstr("expected.tsv:4: a row without a reason"));
}

TEST_F(Load, RefusesRowsTwiceAndRowsOutOfOrder) {
    std::string text = *read_file(table());
    const auto first = text.find(named_cell);
    const auto second = text.find(auto_cell);
    const std::string named_row = text.substr(first, second - first);
    ASSERT_TRUE(write_file(table(), text.insert(second, named_row)));
    EXPECT_THAT(errors(),
                HasSubstr("expected.tsv:5: the row before has the same cell, since and when"));
    text.erase(first, named_row.size() * 2);
    ASSERT_TRUE(write_file(table(), text + named_row));
    EXPECT_THAT(errors(), HasSubstr("expected.tsv:5: the row belongs before the one above it"));
}

TEST_F(Load, RefusesAnotherSpellingOfTheSameContent) {
    replace_in_table("recorded: 2.13.0", "recorded: 2.13.0+cpu");
    EXPECT_THAT(errors(), HasSubstr("not spelt as exportgate writes it"));
}

TEST_F(Load, RefusesATextFileThatIsMissing) {
    const auto path = text_of(exported("graph of named"));
    fs::remove(path);
    EXPECT_THAT(errors(), AllOf(HasSubstr(path.string() + ": the file is missing"),
                                HasSubstr("git restore")));
}

TEST_F(Load, RefusesATextFileThatWasEditedByHand) {
    const auto path = text_of(exported("graph of named"));
    ASSERT_TRUE(write_file(path, "exportgate graph 2\ngraph of nobody\n"));
    EXPECT_THAT(errors(), AllOf(HasSubstr(path.string()), HasSubstr("the file was edited by hand"),
                                HasSubstr("goldens are only written by `exportgate accept`")));
}

TEST_F(Load, RefusesAForgedHeaderOfATextFile) {
    const auto outcome = exported("graph of named");
    ASSERT_TRUE(write_file(text_of(outcome), "# replaces nothing\n" + outcome.text));
    EXPECT_THAT(errors(), HasSubstr("edited by hand"));
}

TEST_F(Load, RefusesACanonicalTextOfAnotherFormat) {
    const auto path = text_of(exported("graph of named"));
    ASSERT_TRUE(write_file(path, "exportgate graph 0\ngraph of named\n"));
    EXPECT_THAT(errors(), AllOf(HasSubstr(path.string() + ":1: the text has canonical format 0"),
                                HasSubstr("exportgate accept"), Not(HasSubstr("by hand"))));
}

TEST_F(Load, ReportsErrorsOfTextFilesOfTheWholeCase) {
    ASSERT_TRUE(write_file(text_of(exported("graph of named")), ""));
    fs::remove(text_of(rejected("batch is constant")));
    EXPECT_THAT(errors(), AllOf(HasSubstr("the file is empty"), HasSubstr("the file is missing")));
}

}  // namespace
}  // namespace exportgate::golden
