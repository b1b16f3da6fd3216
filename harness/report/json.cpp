#include "base/text.h"
#include "report/json_parts.h"
#include "report/reason_words.h"
#include "report/report.h"

namespace exportgate::report {
namespace {

Json to_json(const verdict::Judgement& judgement) {
    const auto& info = verdict::info(judgement.verdict);
    Json json = json_of(judgement.cell);
    json["verdict"] = info.label;
    json["fails"] = info.fails || info.cannot_judge;
    json["reasons"] = words_of(judgement.reasons);
    json["not_compared"] = json_of(judgement.not_compared);
    json["seconds"] = judgement.seconds;
    json["taken_from"] = nullptr;
    if (!judgement.taken_from.empty()) json["taken_from"] = judgement.taken_from;
    json["expectation"] = judgement.expectation;
    json["waiver"] = nullptr;
    if (judgement.waiver) json["waiver"] = json_of(*judgement.waiver);
    json["expected"] = nullptr;
    json["observed"] = nullptr;
    if (judgement.expected) {
        auto& expected = json["expected"] = json_of(*judgement.expected);
        expected["since"] = judgement.since;
        expected["when"] = judgement.when;
        expected["file"] = judgement.file;
        expected["why"] = judgement.why;
    }
    if (judgement.observed) {
        auto& observed = json["observed"] = json_of(*judgement.observed);
        observed.update(digests_of(*judgement.observed));
    }
    return json;
}

}  // namespace

std::string json(const verdict::Judged& judged) {
    Json report{{"format", json_format_version},
                {"exit_code", judged.exit_code},
                {"environment", json_of(judged.environment)}};
    report["counts"] = Json::object();
    for (const auto& [verdict, count] : verdict::counts(judged.judgements))
        report["counts"][std::string(verdict::info(verdict).label)] = count;
    report["cells"] = Json::array();
    for (const auto& judgement : judged.judgements)
        report["cells"].push_back(to_json(judgement));
    report["problems"] = json_of(judged.problems);
    report["failures"] = json_of(judged.failures);
    return report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace exportgate::report
