// A record in one line, and several records in a closing sentence.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "report/paint.h"
#include "report/report.h"
#include "verdict/verdict.h"

namespace exportgate::report {

using Counts = std::vector<std::pair<verdict::Verdict, std::size_t>>;

/// "all as expected", or "3 regressed, 61 as expected": what is unexpected first, what is good
/// last.
document::Text counts_text(const Counts& counts);

/// The same of a record, with what fails besides the cells, and what it inherits from, where its
/// torch was never recorded.
document::Text counts_text(const verdict::Judged& judged);

/// What is kept of a judged record when the next one is read.
struct RecordSummary {
    std::string file;
    std::string torch;  // with its local part, where it is known; empty: the record cannot be read
    Counts counts;
    document::Text counts_text;
    int exit_code = 0;
};

RecordSummary summarise(const std::string& file, const verdict::Judged& judged);

/// A record that could not even be read.
RecordSummary unreadable(const std::string& file);

/// By torch, 2.9.1 before 2.10.0, else as they were; those that cannot be read last.
void sort_by_release(std::span<RecordSummary> records);

/// A line per record: "tests/recordings/2.6.0.jsonl: torch 2.6.0+cu124: 64 cells, all as expected".
document::Paragraph summary_lines(std::span<const RecordSummary> records);

/// "10 records, 640 cells: all as expected"
document::Text summary_counts(std::span<const RecordSummary> records);

/// The same with its verdict: "... as expected. PASSED"
document::Paragraph summary_sentence(std::span<const RecordSummary> records);

/// "PASSED", "FAILED", "COULD NOT BE JUDGED"
document::Run verdict_word(int exit_code);

}  // namespace exportgate::report
