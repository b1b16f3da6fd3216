// What the recorded releases and the recorded defects show: every finding of every cell.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "record/record_file.h"

namespace exportgate::catalogue {

struct SeenFinding {
    std::string source;  // "2.9.1", "planted", "reasons"; of a collection: its name, "/2.13.0"
    Seen seen;
    Finding finding;
};

/// Adds what the record shows. Its own declarations of the cases are asked: the files of cases may
/// have moved on.
inline void add_record(const std::filesystem::path& file, std::vector<SeenFinding>& all,
                       const std::string& collection = "") {
    const auto record = record::read_record(file);
    ASSERT_TRUE(record) << to_string(record.error());
    ASSERT_TRUE(record->footer.complete) << file;
    const auto torch = TorchVersion::parse(record->header.environment.torch);
    ASSERT_TRUE(torch);
    for (const record::Observation& observation : record->observations) {
        const auto cell = matrix::parse_cell(observation.cell);
        ASSERT_TRUE(cell) << observation.cell;
        const auto case_ =
            std::find_if(record->header.cases.begin(), record->header.cases.end(),
                         [&](const matrix::Case& one) { return one.name == cell->case_name; });
        ASSERT_NE(case_, record->header.cases.end());
        const auto outcome = outcome::canonical(observation, *case_, *cell, record->header.checks);
        const bool is_unobserved = std::holds_alternative<record::Unobserved>(observation.result);
        ASSERT_EQ(outcome.has_value(), !is_unobserved) << observation.cell;
        const Seen seen{
            *cell, *torch,
            outcome ? findings(*outcome) : std::vector<Finding>{unobserved(outcome.error().what)}};
        for (const Finding& finding : seen.findings)
            all.push_back({collection + file.stem().string(), seen, finding});
    }
}

inline void add_records(const std::filesystem::path& folder, std::vector<SeenFinding>& all,
                        const std::string& collection = "") {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
        if (entry.path().extension() == ".jsonl") add_record(entry.path(), all, collection);
    }
}

/// Of all recorded releases, then of the collections, then of the defects.
inline const std::vector<SeenFinding>& recorded_findings() {
    static const std::vector<SeenFinding> all = [] {
        const std::filesystem::path source = EXPORTGATE_SOURCE_DIR;
        std::vector<SeenFinding> found;
        add_records(source / "tests" / "recordings", found);
        add_records(source / "tests" / "recordings" / "consumers", found, "consumers/");
        std::error_code none;  // there may be no collections
        for (const auto& entry : std::filesystem::directory_iterator(source / "collections", none))
            add_records(entry.path() / "recordings", found, entry.path().filename().string() + "/");
        const std::filesystem::path data = EXPORTGATE_TEST_DATA;
        for (const char* name :
             {"planted.jsonl", "guards.jsonl", "loops.jsonl", "consumers.jsonl", "reasons.jsonl"})
            add_record(data / name, found);
        return found;
    }();
    return all;
}

inline std::string text_of(const SeenFinding& one) {
    std::string text = one.source + " " + one.seen.cell.name() + ": " + headline(one.finding);
    for (const std::string& line : one.finding.lines)
        text += "\n    " + line;
    return text;
}

}  // namespace exportgate::catalogue
