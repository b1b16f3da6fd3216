// Writing a record file.
#include <cmath>
#include <nlohmann/json.hpp>

#include "record/declaration_json.h"
#include "record/made_of_json.h"
#include "record/observation_json.h"
#include "record/record_file.h"

namespace exportgate::record {
namespace {

using Ordered = nlohmann::ordered_json;

/// One line. What a child printed may be cut inside a character: such bytes become U+FFFD, a record
/// is always UTF-8.
void append_line(std::string& text, const Ordered& json) {
    text += json.dump(-1, ' ', false, Ordered::error_handler_t::replace);
    text += '\n';
}

Ordered json_of(const Header& header, const IngredientsWriter& table) {
    Ordered cases = Ordered::array();
    for (const matrix::Case& one : header.cases)
        cases.push_back(record::json_of(one));
    Ordered json{{"format", format_version}, {"made_by", header.made_by}};
    if (!header.shard.empty()) json["shard"] = header.shard;
    if (!header.note.empty()) json["note"] = header.note;
    json["environment"] = record::json_of(header.environment);
    json["inputs_digest"] = header.inputs_digest;
    if (!header.observed_at.empty()) json["observed_at"] = header.observed_at;
    if (header.seed != 0) json["seed"] = header.seed;
    json["cases"] = std::move(cases);
    json["checks"] = header.checks;
    if (!header.checks_left_out.empty()) json["checks_left_out"] = header.checks_left_out;
    json["cells"] = header.cells;
    if (header.made_of) {
        json["made_of"] = record::json_of(*header.made_of);
        table.add_to(json["made_of"]);
    }
    return json;
}

Ordered json_of(const Footer& footer) {
    Ordered timings = Ordered::object();
    for (const auto& [name, seconds] : footer.timings_s) {
        if (std::isfinite(seconds)) timings[name] = seconds;
    }
    return {{"complete", footer.complete},
            {"reason", footer.reason},
            {"wall_s", std::isfinite(footer.wall_s) ? footer.wall_s : 0.0},
            {"timings_s", std::move(timings)}};
}

}  // namespace

std::string to_text(const Record& record) {
    IngredientsWriter table;
    std::string lines;
    for (const Observation& observation : record.observations) {
        Ordered json = record::json_of(observation);
        if (record.header.made_of && observation.made_of)
            json["made_of"] = table.row(*observation.made_of);
        if (!observation.taken_from.empty()) json["taken_from"] = observation.taken_from;
        append_line(lines, json);
    }
    std::string text;
    append_line(text, Ordered{{"record", json_of(record.header, table)}});
    text += lines;
    append_line(text, Ordered{{"end", json_of(record.footer)}});
    return text;
}

}  // namespace exportgate::record
