#include "report/summary.h"

#include <gmock/gmock.h>

#include "document/console.h"
#include "samples.h"

namespace exportgate::report {
namespace {

using verdict::Verdict;

std::string printed(document::Paragraph paragraph) {
    return document::console({std::move(paragraph)}, {});
}

RecordSummary record(const std::string& file, const Counts& counts, int exit_code) {
    return {file, "2.13.0+cpu", counts, counts_text(counts), exit_code};
}

TEST(Summary, ALineSaysFileTorchAndCounts) {
    const std::vector records{
        record("a.jsonl", {{Verdict::as_expected, 64}}, 0),
        record("b.jsonl", {{Verdict::as_expected, 61}, {Verdict::regressed, 3}}, 1),
        unreadable("c.jsonl")};
    EXPECT_EQ(printed(summary_lines(records)),
              "a.jsonl: torch 2.13.0+cpu: 64 cells, all as expected\n"
              "b.jsonl: torch 2.13.0+cpu: 64 cells, 3 regressed, 61 as expected\n"
              "c.jsonl: cannot be read\n");
}

TEST(Summary, RecordsStandInTheOrderOfTheirReleases) {
    std::vector<RecordSummary> records;
    for (const char* torch : {"", "2.10.0+cu128", "2.9.1+cpu", "2.10.0rc1"})
        records.push_back({torch, torch, {}, {}, 0});
    sort_by_release(records);
    std::vector<std::string> files;
    for (const auto& each : records)
        files.push_back(each.file);
    EXPECT_THAT(files, testing::ElementsAre("2.9.1+cpu", "2.10.0rc1", "2.10.0+cu128", ""));
}

TEST(Summary, TheSentenceAddsUpWhereNothingFails) {
    std::vector records{record("a.jsonl", {{Verdict::as_expected, 64}}, 0),
                        record("b.jsonl", {{Verdict::as_expected, 64}}, 0)};
    EXPECT_EQ(printed(summary_sentence(records)),
              "2 records, 128 cells: all as expected. PASSED\n");
    records.push_back(record("c.jsonl", {{Verdict::as_expected, 62}, {Verdict::waived, 2}}, 0));
    EXPECT_EQ(printed(summary_sentence(records)),
              "3 records, 192 cells: 2 waived, 190 as expected. PASSED\n");
}

TEST(Summary, TheSentenceCountsRecordsWhereSomeFail) {
    const auto good = record("a.jsonl", {{Verdict::as_expected, 64}}, 0);
    const auto failing = record("b.jsonl", {{Verdict::changed, 1}}, 1);
    EXPECT_EQ(printed(summary_sentence(std::vector{good, failing})),
              "2 records: 1 with failures, 1 without. FAILED\n");
    EXPECT_EQ(
        printed(summary_sentence(std::vector{good, failing, unreadable("c.jsonl")})),
        "3 records: 1 could not be judged, 1 with failures, 1 without. COULD NOT BE JUDGED\n");
}

TEST(Summary, ARecordThatCouldNotBeJudgedSaysWhy) {
    verdict::Judged judged;
    judged.environment.torch = "2.13.0";
    judged.problems = {{"a.jsonl", 0, "the record is incomplete: interrupted", "run again"}};
    judged.exit_code = 2;
    EXPECT_EQ(document::plain_text(summarise("a.jsonl", judged).counts_text),
              "nothing was judged, the record is incomplete: interrupted");
}

TEST(Summary, ARecordOfAReleaseThatWasNeverRecordedSaysWhatItInherits) {
    verdict::Judged judged;
    judged.environment.torch = "2.14.0";
    judged.judgements.resize(3);
    judged.judgements[0].inherited_from = "2.13.0";
    judged.judgements[1].inherited_from = "2.13.0";
    EXPECT_EQ(document::plain_text(summarise("a.jsonl", judged).counts_text),
              "all as expected (never recorded: inherited from 2.13.0)");
    judged.judgements[2].inherited_from = "2.12.1";
    EXPECT_EQ(document::plain_text(summarise("a.jsonl", judged).counts_text),
              "all as expected (never recorded: inherited from 2.13.0, 2.12.1)");
}

}  // namespace
}  // namespace exportgate::report
