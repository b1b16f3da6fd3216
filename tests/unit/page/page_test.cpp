#include "page/page.h"

#include <gmock/gmock.h>

#include "page/embed.h"

namespace exportgate::page {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* hostile_text = "</script><img src=x onerror=alert(1)>\n| `x` @team";

matrix::Case one_case() {
    matrix::Case one;
    one.name = "mine";
    one.summary = hostile_text;
    one.class_name = "Cache";
    one.kinds = {matrix::Kind::plain};
    one.modes = {matrix::Mode::strict};
    one.dims_styles = {matrix::DimsStyle::named};
    one.inputs = {{"x", {std::string("batch"), 8}}};
    one.dims = {{"batch", 1, 9}};
    one.pairs = {{"b3", {{"batch", 3}}}};
    return one;
}

outcome::Outcome exported(const std::string& text) {
    return {outcome::Status::exported, text, {{"run", outcome::CheckStatus::pass, {}}}};
}

class PageTest : public testing::Test {
  protected:
    PageTest() {
        subject_.cases = cases_;
        subject_.cells = cells_;
        subject_.made_by = "exportgate 0.1.0";
    }

    /// A run of one cell.
    void add_run(const std::string& name, const outcome::Outcome& observed,
                 verdict::Verdict verdict) {
        page::Run run;
        run.release = {name, {{observed, ""}}};
        run.file = name + ".jsonl";
        run.judged.environment.torch = run.judged.environment.torch_build = name;
        verdict::Judgement judgement;
        judgement.cell = cells_[0];
        judgement.verdict = verdict;
        judgement.expected = exported("graph\n  %1 = a(%0)\n");
        judgement.observed = observed;
        judgement.expectation = hostile_text;
        run.judged.judgements = {judgement};
        verdict::settle(run.judged);
        subject_.runs.push_back(run);
    }

    /// The data of the page.
    static report::Json data_of(const std::string& page) {
        const std::string begin = "<script type=\"application/json\" id=\"data\">";
        const auto at = page.find(begin) + begin.size();
        return report::Json::parse(page.substr(at, page.find("</script>", at) - at));
    }

    std::vector<matrix::Case> cases_{one_case()};
    std::vector<matrix::Cell> cells_{matrix::cells_of(cases_)};
    Subject subject_;
};

TEST_F(PageTest, TheVerdictIsTheWorstOfTheRuns) {
    add_run("2.8.0", exported("graph\n  %1 = a(%0)\n"), verdict::Verdict::as_expected);
    EXPECT_EQ(conclude(subject_).word, "PASSED");
    add_run("2.9.0", exported("graph\n"), verdict::Verdict::regressed);
    EXPECT_EQ(conclude(subject_).word, "FAILED");
    EXPECT_EQ(conclude(subject_).exit_code, 1);
    subject_.runs[0].judged.problems.push_back({"a.jsonl", 0, "incomplete", ""});
    verdict::settle(subject_.runs[0].judged);
    EXPECT_EQ(conclude(subject_).word, "COULD NOT BE JUDGED");
}

TEST_F(PageTest, ASlowSessionFailsThePage) {
    add_run("2.8.0", exported("graph\n  %1 = a(%0)\n"), verdict::Verdict::as_expected);
    BenchmarkPart part;
    part.title = "torch 2.9.0 against 2.8.0";
    part.verdict = "1 of 2 benchmarks slower";
    part.exit_code = 1;
    subject_.benchmarks.push_back(part);
    EXPECT_EQ(conclude(subject_).word, "FAILED");
    EXPECT_THAT(conclude(subject_).sentence(), HasSubstr("1 of 2 benchmarks slower"));
}

TEST_F(PageTest, MeasurementsAloneAreShownNotPassed) {
    subject_.benchmarks.push_back({"torch 2.9.0", {}, {}, "", 0, {}, {}});
    EXPECT_EQ(conclude(subject_).word, "SHOWN");
    EXPECT_EQ(conclude(subject_).exit_code, 0);
}

TEST_F(PageTest, HostileTextIsDataOnly) {
    add_run("2.8.0", exported(hostile_text), verdict::Verdict::changed);
    const std::string page = html(subject_, {});
    EXPECT_THAT(page, Not(HasSubstr("<img")));
    const report::Json data = data_of(page);
    EXPECT_EQ(data.at("matrix").at("cases").at(0).at("summary"), hostile_text);
    EXPECT_EQ(data.at("matrix").at("texts").at(0), hostile_text);
}

TEST_F(PageTest, HostileTextMeansNothingInMarkdown) {
    add_run("2.8.0", exported("graph\n"), verdict::Verdict::changed);
    subject_.runs[0].file = hostile_text;
    const std::string text = markdown(subject_, {});
    EXPECT_THAT(text, Not(HasSubstr("<img")));
    EXPECT_THAT(text, Not(HasSubstr("@team")));
    EXPECT_THAT(text, HasSubstr("\\| \\`x\\`"));
}

TEST_F(PageTest, WhatDiffersFromTheGoldenAndFromTheReleaseBeforeHasADifference) {
    add_run("2.8.0", exported("graph\n  %1 = a(%0)\n"), verdict::Verdict::as_expected);
    add_run("2.9.0", exported("graph\n  %1 = b(%0)\n"), verdict::Verdict::changed);
    const report::Json matrix = data_of(html(subject_, {})).at("matrix");
    const report::Json& entries = matrix.at("cells").at(0).at("entries");
    EXPECT_FALSE(entries.at(0).contains("against_golden"));
    EXPECT_EQ(entries.at(1).at("against_golden").at("program"), 0);
    EXPECT_EQ(entries.at(1).at("against_before").at("program"), 0);
    EXPECT_EQ(entries.at(1).at("before"), 0);
    EXPECT_EQ(entries.at(1).at("variant"), 2);
}

TEST_F(PageTest, ACellSaysWhatTheCatalogueKnowsOfIt) {
    outcome::Outcome broken = exported("graph\n");
    broken.checks = {{"run",
                      outcome::CheckStatus::fail,
                      {"pair b3: raises NameError: name 'L' is not defined"}}};
    add_run("2.8.0", exported("graph\n"), verdict::Verdict::as_expected);
    add_run("2.9.1", broken, verdict::Verdict::regressed);
    const report::Json matrix = data_of(html(subject_, {})).at("matrix");
    const report::Json& entries = matrix.at("cells").at(0).at("entries");
    EXPECT_FALSE(entries.at(0).contains("causes"));
    ASSERT_TRUE(entries.at(1).contains("causes"));
    const report::Json& cause =
        matrix.at("causes").at(entries.at(1).at("causes").at(0).get<std::size_t>());
    EXPECT_EQ(cause.at("id"), "name-error-l");
    EXPECT_FALSE(cause.at("cause").get<std::string>().empty());
    EXPECT_FALSE(cause.at("fix").get<std::string>().empty());
}

TEST_F(PageTest, SaysAgainstWhichGoldens) {
    add_run("2.8.0", exported("graph\n"), verdict::Verdict::as_expected);
    subject_.against = hostile_text;
    EXPECT_EQ(data_of(html(subject_, {})).at("against"), hostile_text);
    EXPECT_THAT(markdown(subject_, {}), Not(HasSubstr("<img")));
    subject_.against = "Judged against golden.";
    EXPECT_THAT(markdown(subject_, {}), HasSubstr("Judged against golden."));
}

TEST_F(PageTest, ACellThatIsNotDeclaredHasNoEntry) {
    add_run("2.8.0", exported("graph\n"), verdict::Verdict::changed);
    subject_.runs[0].release.cells[0] = {};
    subject_.runs[0].judged.judgements.clear();
    const report::Json matrix = data_of(html(subject_, {})).at("matrix");
    EXPECT_TRUE(matrix.at("cells").at(0).at("entries").at(0).is_null());
}

TEST_F(PageTest, ACellThatWasNotJudgedIsUnobservedNotGood) {
    add_run("2.8.0", exported("graph\n"), verdict::Verdict::as_expected);
    subject_.runs[0].judged.judgements.clear();
    const report::Json matrix = data_of(html(subject_, {})).at("matrix");
    const report::Json& entry = matrix.at("cells").at(0).at("entries").at(0);
    EXPECT_EQ(matrix.at("verdicts").at(entry.at("verdict").get<std::size_t>()).at("label"),
              "unobserved");
}

TEST_F(PageTest, ThePageNamesNothingOutsideItself) {
    add_run("2.8.0", exported("graph\n"), verdict::Verdict::changed);
    const std::string page = html(subject_, {});
    for (const char* outside : {"http:", "https:", "src=\"", "@import", "url("})
        EXPECT_THAT(page, Not(HasSubstr(outside)));
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

}  // namespace
}  // namespace exportgate::page
