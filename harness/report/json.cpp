#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/report.h"

namespace exportgate::report {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Errors& errors) {
    Json list = Json::array();
    for (const auto& error : errors) {
        list.push_back({{"file", error.file},
                        {"line", error.line},
                        {"what", error.what},
                        {"remedy", error.remedy}});
    }
    return list;
}

Json to_json(const record::Environment& environment) {
    Json json{{"name", environment.name},
              {"torch", environment.torch},
              {"torch_build", environment.torch_build},
              {"python", environment.python},
              {"platform", environment.platform},
              {"cxx11_abi", environment.cxx11_abi}};
    json["packages"] = Json::object();
    for (const auto& [name, version] : environment.packages)
        json["packages"][name] = version;
    return json;
}

Json to_json(const outcome::Outcome& outcome) {
    Json json{{"status", outcome::to_string(outcome.status)},
              {"headline", outcome::headline(outcome)}};
    json["checks"] = Json::array();
    for (const auto& check : outcome.checks) {
        json["checks"].push_back({{"name", check.name},
                                  {"status", outcome::to_string(check.status)},
                                  {"reasons", check.reasons}});
    }
    return json;
}

Json to_json(const verdict::Judgement& judgement) {
    const auto& cell = judgement.cell;
    const auto& info = verdict::info(judgement.verdict);
    Json json{{"name", cell.name()},
              {"case", cell.case_name},
              {"kind", matrix::to_string(cell.kind)},
              {"mode", matrix::to_string(cell.mode)},
              {"dims", matrix::to_string(cell.dims)},
              {"pair", cell.pair},
              {"verdict", info.label},
              {"fails", info.fails || info.cannot_judge},
              {"reasons", judgement.reasons},
              {"seconds", judgement.seconds},
              {"expectation", judgement.expectation},
              {"expected", nullptr},
              {"observed", nullptr}};
    if (judgement.expected) {
        auto& expected = json["expected"] = to_json(*judgement.expected);
        expected["since"] = judgement.since;
        expected["when"] = judgement.when;
        expected["file"] = judgement.file;
        expected["why"] = judgement.why;
    }
    if (judgement.observed) {
        auto& observed = json["observed"] = to_json(*judgement.observed);
        observed["text_digest"] = digest(judgement.observed->text);
    }
    return json;
}

}  // namespace

std::string json(const verdict::Judged& judged) {
    Json report{{"format", json_format_version},
                {"exit_code", judged.exit_code},
                {"environment", to_json(judged.environment)}};
    report["counts"] = Json::object();
    for (const auto& [verdict, count] : verdict::counts(judged.judgements))
        report["counts"][std::string(verdict::info(verdict).label)] = count;
    report["cells"] = Json::array();
    for (const auto& judgement : judged.judgements)
        report["cells"].push_back(to_json(judgement));
    report["problems"] = to_json(judged.problems);
    report["failures"] = to_json(judged.failures);
    return report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace exportgate::report
