#include "page/given_away_json.h"

#include "base/printable.h"

namespace exportgate::page {

using report::Json;

report::GivenAway given_away_of(const Subject& subject) {
    std::vector<verdict::Release> releases;
    for (const Run& run : subject.runs)
        releases.push_back(run.release);
    return report::given_away(subject.cases, subject.cells, releases);
}

Json given_away_json(const Subject& subject) {
    const report::GivenAway given = given_away_of(subject);
    std::vector<std::string> releases;
    for (const Run& run : subject.runs)
        releases.push_back(run.release.name);
    Json json{{"columns", Json::array()}, {"rows", Json::array()}};
    for (const auto& column : given.columns)
        json["columns"].push_back(report::heading(column, releases));
    for (const auto& row : given.rows) {
        Json entries = Json::array();
        for (const auto& entry : row.entries)
            entries.push_back(
                {{"word", std::string(report::word_of(entry.came))}, {"reasons", entry.reasons}});
        json["rows"].push_back(
            {{"case", row.case_name}, {"cells", row.cells}, {"entries", std::move(entries)}});
    }
    return json;
}

}  // namespace exportgate::page
