// A judged matrix of one case, 2 kinds x 2 modes x 2 dims styles x 2 pairs, for the tests.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace exportgate::report::samples {

using outcome::CheckStatus;
using outcome::Outcome;
using outcome::Status;
using verdict::Judged;
using verdict::Judgement;
using verdict::Verdict;

inline Outcome exported(const std::string& body = "graph", CheckStatus run = CheckStatus::pass) {
    std::vector<std::string> reasons;
    if (run == CheckStatus::fail) reasons.emplace_back("pair b4: NameError");
    return {Status::exported, "exportgate graph 2\n" + body + "\n", {{"run", run, reasons}}};
}

inline Outcome rejected(const std::string& message) {
    return {Status::rejected,
            "exportgate rejected 2\nstage: export\nexception: ValueError\nmessage:\n  " + message +
                "\n",
            {}};
}

inline std::vector<matrix::Cell> cells() {
    matrix::Case mine;
    mine.name = "mine";
    mine.kinds = {matrix::Kind::plain, matrix::Kind::module};
    mine.modes = {matrix::Mode::strict, matrix::Mode::nonstrict};
    mine.dims_styles = {matrix::DimsStyle::named, matrix::DimsStyle::fixed};
    mine.pairs = {{"b3", {}}, {"b4", {}}};
    return matrix::cells_of(std::vector{mine});
}

/// Gives `judgement` what the real judge would give it for this outcome.
inline void observe(Judgement& judgement, const Outcome& observed) {
    auto comparison = verdict::compare(*judgement.expected, observed);
    judgement.observed = observed;
    judgement.verdict = comparison.verdict;
    judgement.reasons = verdict::reasons_of(comparison);
}

inline Judged all_as_expected() {
    Judged judged;
    judged.environment.torch = "2.13.0";
    judged.environment.torch_build = "2.13.0+cpu";
    for (const matrix::Cell& cell : cells()) {
        Judgement judgement;
        judgement.cell = cell;
        judgement.expected = exported();
        judgement.expectation = "since 2.13.0: first recording";
        judgement.since = "2.13.0";
        judgement.file = "exported-0123456789.txt";
        judgement.why = "first recording";
        judgement.seconds = 0.25;
        observe(judgement, exported());
        judged.judgements.push_back(judgement);
    }
    return judged;
}

inline Judgement& find(Judged& judged, const std::string& name) {
    for (Judgement& judgement : judged.judgements) {
        if (judgement.cell.name() == name) return judgement;
    }
    throw std::out_of_range(name);
}

inline void make_new(Judgement& judgement) {
    judgement.verdict = Verdict::new_;
    judgement.expected.reset();
    judgement.expectation = "no outcome was ever accepted for this cell";
    judgement.reasons = {verdict::NothingExpected{judgement.expectation}};
}

inline void make_unobserved(Judgement& judgement, const std::string& reason) {
    judgement.verdict = Verdict::unobserved;
    judgement.observed.reset();
    judgement.reasons = {verdict::Obstacle{"", reason}};
}

/// What the real judge says where make_inputs raises.
inline void make_case_error(Judgement& judgement) {
    judgement.verdict = Verdict::case_error;
    judgement.case_error = "construct";
    judgement.observed = {Status::rejected,
                          "exportgate rejected 1\nstage: construct\nexception: KeyError\n"
                          "message:\n  'q'\n  where it stands\n",
                          {}};
    judgement.reasons = {verdict::CaseError{"", "construct: KeyError: 'q'", ""},
                         verdict::RemedyOfCaseError{"construct"}};
}

}  // namespace exportgate::report::samples
