#include "report/json_parts.h"

#include "base/text.h"

namespace exportgate::report {

Json json_of(const Errors& errors) {
    Json list = Json::array();
    for (const auto& error : errors) {
        list.push_back({{"file", error.file},
                        {"line", error.line},
                        {"what", error.what},
                        {"remedy", error.remedy}});
    }
    return list;
}

Json json_of(const record::Environment& environment) {
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

Json json_of(const outcome::Outcome& outcome) {
    Json json{{"status", outcome::to_string(outcome.status)},
              {"headline", outcome::headline(outcome)}};
    json["checks"] = Json::array();
    for (const auto& check : outcome.checks) {
        json["checks"].push_back({{"name", check.name},
                                  {"status", outcome::to_string(check.status)},
                                  {"reasons", check.reasons},
                                  {"notes", check.notes},
                                  {"revision", check.revision}});
    }
    return json;
}

Json digests_of(const outcome::Outcome& outcome) {
    Json json{{"text_digest", digest(outcome.text)}, {"decomposed_digest", nullptr}};
    if (!outcome.decomposed.empty()) json["decomposed_digest"] = digest(outcome.decomposed);
    return json;
}

Json json_of(const std::vector<verdict::NotCompared>& checks) {
    Json list = Json::array();
    for (const auto& each : checks)
        list.push_back({{"check", each.check}, {"before", each.before}, {"after", each.after}});
    return list;
}

Json json_of(const verdict::Waived& waiver) {
    return {{"reason", waiver.reason},
            {"url", waiver.url},
            {"expires", to_string(waiver.expires)},
            {"instead_of", verdict::info(waiver.instead_of).label}};
}

Json json_of(const matrix::Cell& cell) {
    return {{"name", cell.name()},
            {"case", cell.case_name},
            {"kind", matrix::to_string(cell.kind)},
            {"mode", matrix::to_string(cell.mode)},
            {"dims", matrix::to_string(cell.dims)},
            {"pair", cell.pair}};
}

}  // namespace exportgate::report
