#include "page/cells_json.h"

#include <array>
#include <map>
#include <optional>
#include <tuple>

#include "base/printable.h"
#include "page/causes.h"
#include "page/differences.h"
#include "report/cell_history.h"
#include "report/matrix_table.h"
#include "report/mismatch.h"
#include "report/reason_words.h"

namespace exportgate::page {
namespace {

using report::Json;
using verdict::Judgement;
using verdict::Verdict;

constexpr std::array verdict_order{Verdict::as_expected, Verdict::cosmetic,   Verdict::waived,
                                   Verdict::improved,    Verdict::changed,    Verdict::regressed,
                                   Verdict::new_,        Verdict::case_error, Verdict::unobserved};

int number_of(Verdict verdict) {
    return static_cast<int>(verdict);
}

Json texts_json(const std::vector<std::string>& texts) {
    Json json = Json::array();
    for (const auto& text : texts)
        json.push_back(printable(text));
    return json;
}

Json verdicts_json() {
    Json json = Json::array();
    for (const Verdict verdict : verdict_order) {
        const auto& info = verdict::info(verdict);
        json.push_back({{"label", info.label},
                        {"symbol", info.symbol},
                        {"fails", info.fails || info.cannot_judge}});
    }
    return json;
}

Json letters_json() {
    Json json = Json::array();
    for (const auto& [letter, meaning] : report::letter_meanings)
        json.push_back({{"letter", std::string(1, letter)}, {"meaning", meaning}});
    return json;
}

Json release_json(const Run& run) {
    const auto& environment = run.judged.environment;
    Json json{
        {"name", run.release.name},
        {"file", run.file},
        {"torch", environment.torch_build.empty() ? environment.torch : environment.torch_build},
        {"python", environment.python},
        {"platform", environment.platform},
        {"made_by", run.made_by},
        {"exit_code", run.judged.exit_code},
        {"counts", Json::array()},
        {"problems", report::json_of(run.judged.problems)},
        {"failures", report::json_of(run.judged.failures)}};
    for (const auto& [verdict, count] : verdict::counts(run.judged.judgements))
        json["counts"].push_back({number_of(verdict), count});
    return json;
}

Json extent_json(const matrix::Extent& extent) {
    if (const auto* constant = std::get_if<std::int64_t>(&extent)) return *constant;
    return std::get<std::string>(extent);
}

Json case_json(const matrix::Case& one) {
    Json json{{"name", one.name},        {"summary", one.summary}, {"class_name", one.class_name},
              {"leaves", Json::array()}, {"dims", Json::array()},  {"pairs", Json::object()},
              {"mutates", one.mutates}};
    for (const auto& leaf : one.inputs) {
        Json shape = Json::array();
        for (const auto& extent : leaf.shape)
            shape.push_back(extent_json(extent));
        json["leaves"].push_back(
            {{"name", leaf.name},
             {"dtype", leaf.constant ? matrix::to_string(*leaf.constant) : leaf.dtype},
             {"shape", std::move(shape)}});
    }
    for (const auto& dim : one.dims)
        json["dims"].push_back({{"name", dim.name}, {"min", dim.min}, {"max", dim.max}});
    for (const auto& pair : one.pairs)
        json["pairs"][pair.name] = pair.extents;
    return json;
}

class Cells {
  public:
    explicit Cells(const Subject& subject) : subject_(subject) {
        for (const auto& run : subject.runs) {
            releases_.push_back(run.release);
            auto& judgements = judgements_.emplace_back();
            for (const auto& judgement : run.judged.judgements)
                judgements.emplace(judgement.cell.name(), &judgement);
        }
    }

    Json json() {
        Json json{{"verdicts", verdicts_json()}, {"letters", letters_json()}};
        json["releases"] = Json::array();
        for (const auto& run : subject_.runs)
            json["releases"].push_back(release_json(run));
        std::map<std::string, std::size_t> case_numbers;
        json["cases"] = Json::array();
        for (const auto& one : subject_.cases) {
            case_numbers.emplace(one.name, case_numbers.size());
            json["cases"].push_back(case_json(one));
        }
        json["cells"] = Json::array();
        for (std::size_t i = 0; i < subject_.cells.size(); ++i) {
            const auto& cell = subject_.cells[i];
            const auto number = case_numbers.at(cell.case_name);
            json["cells"].push_back({{"name", cell.name()},
                                     {"case", number},
                                     {"kind", matrix::to_string(cell.kind)},
                                     {"mode", matrix::to_string(cell.mode)},
                                     {"dims", matrix::to_string(cell.dims)},
                                     {"pair", cell.pair},
                                     {"entries", entries(cell, subject_.cases[number], i)}});
        }
        json["outcomes"] = std::move(outcomes_);
        json["causes"] = causes_.json();
        json["differences"] = differences_.json();
        json["texts"] = Json::array();
        for (const std::string* text : texts_.texts())
            json["texts"].push_back(printable(*text));
        return json;
    }

  private:
    Json entries(const matrix::Cell& cell, const matrix::Case& declared, std::size_t at) {
        const auto history = verdict::history(cell, declared, releases_, at);
        const auto words = report::in_words(history, cell.pair, declared);
        Json all = Json::array();
        for (std::size_t i = 0; i < history.size(); ++i) {
            if (words[i].letter == report::not_declared) {
                all.push_back(nullptr);
                continue;
            }
            all.push_back(entry(cell, words[i], i));
            const auto& since = history[i].since;
            if (since)
                against_before(all.back(), *since, *releases_[since->release].cells[at].outcome,
                               *history[i].seen->outcome);
        }
        return all;
    }

    Json entry(const matrix::Cell& cell, const report::CellEntry& seen, std::size_t release) {
        Json json{{"letter", std::string(1, seen.letter)}, {"variant", seen.variant}};
        if (!seen.note.empty()) json["note"] = seen.note;
        if (seen.change != Verdict::as_expected) json["change"] = number_of(seen.change);
        if (!seen.difference.empty()) json["difference"] = printable(seen.difference);
        const auto found = judgements_[release].find(cell.name());
        // A release whose record does not hold a declared cell has a judgement that says so.
        if (found == judgements_[release].end()) {
            json["verdict"] = number_of(Verdict::unobserved);
            return json;
        }
        const Judgement& judgement = *found->second;
        json["verdict"] = number_of(judgement.verdict);
        if (!judgement.reasons.empty())
            json["reasons"] = texts_json(report::words_of(judgement.reasons));
        if (!judgement.expectation.empty()) json["expectation"] = printable(judgement.expectation);
        if (!judgement.file.empty()) json["golden_file"] = judgement.file;
        if (judgement.waiver) json["waiver"] = report::waiver_line(judgement);
        if (judgement.observed) {
            json["observed"] = outcome_number(*judgement.observed);
            const auto torch = TorchVersion::parse(subject_.runs[release].judged.environment.torch);
            const auto causes = torch ? causes_.numbers_of(cell, *torch, *judgement.observed)
                                      : std::vector<std::size_t>();
            if (!causes.empty()) json["causes"] = causes;
        }
        if (judgement.expected) json["expected"] = outcome_number(*judgement.expected);
        if (judgement.seconds > 0) json["seconds"] = judgement.seconds;
        if (judgement.expected && judgement.observed)
            json["against_golden"] = differing(*judgement.expected, *judgement.observed);
        if (json.contains("against_golden") && json["against_golden"].empty())
            json.erase("against_golden");
        return json;
    }

    void against_before(Json& entry, const verdict::Since& since, const outcome::Outcome& before,
                        const outcome::Outcome& now) {
        const Json differences = differing(before, now);
        entry["before"] = since.release;
        if (!differences.empty()) entry["against_before"] = differences;
        if (!since.reasons.empty())
            entry["before_reasons"] = texts_json(report::words_of(since.reasons));
    }

    Json differing(const outcome::Outcome& before, const outcome::Outcome& after) {
        Json json = Json::object();
        if (before.text != after.text)
            json["program"] = differences_.number_of(before.text, after.text);
        if (before.decomposed != after.decomposed && !before.decomposed.empty() &&
            !after.decomposed.empty())
            json["decomposed"] = differences_.number_of(before.decomposed, after.decomposed);
        return json;
    }

    std::size_t outcome_number(const outcome::Outcome& outcome) {
        Json json{{"status", outcome::to_string(outcome.status)},
                  {"headline", report::describe(outcome)},
                  {"text", texts_.number_of(outcome.text)}};
        if (!outcome.decomposed.empty()) json["decomposed"] = texts_.number_of(outcome.decomposed);
        json["checks"] = Json::array();
        for (const auto& check : outcome.checks) {
            json["checks"].push_back({{"name", check.name},
                                      {"status", outcome::to_string(check.status)},
                                      {"reasons", texts_json(check.reasons)},
                                      {"notes", texts_json(check.notes)}});
        }
        const auto key = json.dump(-1, ' ', false, Json::error_handler_t::replace);
        const auto [at, is_new] = outcome_numbers_.try_emplace(key, outcomes_.size());
        if (is_new) outcomes_.push_back(std::move(json));
        return at->second;
    }

    const Subject& subject_;
    std::vector<verdict::Release> releases_;
    std::vector<std::map<std::string, const Judgement*>> judgements_;  // of each run, by cell
    TextPool texts_;
    Differences differences_{texts_};
    Causes causes_;
    std::map<std::string, std::size_t> outcome_numbers_;
    Json outcomes_ = Json::array();
};

}  // namespace

Json cells_json(const Subject& subject) {
    return Cells(subject).json();
}

}  // namespace exportgate::page
