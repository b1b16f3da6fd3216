#include "bench/session_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "record/json_input.h"
#include "record/record_json.h"

namespace exportgate::bench {
namespace {

using Ordered = nlohmann::ordered_json;
using record::Json;
using record::Mistake;
using record::Object;

Ordered json_of_launches(const std::vector<LaunchPairs>& launches) {
    Ordered all = Ordered::array();
    for (const LaunchPairs& launch : launches) {
        Ordered pairs = Ordered::array();
        for (const Pair& pair : launch.pairs)
            pairs.push_back({pair.measured_ns, pair.against_ns});
        all.push_back({{"launch", launch.launch},
                       {"iterations", launch.iterations},
                       {"pairs", std::move(pairs)}});
    }
    return all;
}

Ordered json_of_series(const Series& series) {
    Ordered json{{"name", series.name.text}, {"threshold", series.threshold}};
    if (!series.not_measured.empty()) json["not_measured"] = series.not_measured;
    if (!series.not_against.empty()) json["not_against"] = series.not_against;
    if (!series.failed.empty()) json["failed"] = series.failed;
    json["first"] = json_of_launches(series.first);
    if (!series.fresh.empty()) json["fresh"] = json_of_launches(series.fresh);
    return json;
}

Ordered json_of_side(const SessionSide& side) {
    return {{"environment", record::json_of(side.environment)},
            {"cases", side.cases},
            {"context", side.context}};
}

std::string dump(const Ordered& json) {
    return json.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

std::string lines_of(const std::vector<Series>& all) {
    std::string text = "[";
    for (std::size_t i = 0; i < all.size(); ++i)
        text += (i == 0 ? "\n" : ",\n") + dump(json_of_series(all[i]));
    return text + "]";
}

std::vector<LaunchPairs> launches_from(std::span<Json> launches, const Session& session,
                                       const std::string& name, Mistake& mistake) {
    std::vector<LaunchPairs> all;
    for (Json& one : launches) {
        Object object(one, fmt::format("a launch of {}", name), mistake);
        LaunchPairs launch;
        object.get("launch", launch.launch);
        launch.iterations = object.integer("iterations");
        for (Json& element : object.array("pairs")) {
            const bool is_pair = element.is_array() && element.size() == 2 &&
                                 element[0].is_number_integer() && element[1].is_number_integer();
            const Pair pair = is_pair ? Pair{element[0], element[1]} : Pair{};
            if (pair.measured_ns <= 0 || pair.against_ns <= 0)
                mistake.note(fmt::format("{} holds a pair that is not two times in ns", name));
            launch.pairs.push_back(pair);
        }
        object.finish();
        if (launch.iterations <= 0)
            mistake.note(fmt::format("{} has blocks of {} calls", name, launch.iterations));
        if (launch.pairs.size() != static_cast<std::size_t>(session.pairs)) {
            mistake.note(fmt::format("{} has a launch of {} pairs, the session has {} a launch",
                                     name, launch.pairs.size(), session.pairs));
        }
        all.push_back(std::move(launch));
    }
    return all;
}

Series series_from(Json& json, const Session& session, Mistake& mistake) {
    Object object(json, "a benchmark", mistake);
    Series series;
    const Result<Name> name = parse_name(object.string("name"));
    if (name) {
        series.name = *name;
    } else {
        mistake.note(name.error().what);
    }
    object.get("threshold", series.threshold);
    if (!(series.threshold > 1) || series.threshold > 1e6)
        mistake.note(fmt::format("{} has a threshold that is not above 1", series.name.text));
    if (object.has("not_measured")) object.get("not_measured", series.not_measured);
    if (object.has("not_against")) object.get("not_against", series.not_against);
    if (object.has("failed")) object.get("failed", series.failed);
    series.first = launches_from(object.array("first"), session, series.name.text, mistake);
    if (object.has("fresh"))
        series.fresh = launches_from(object.array("fresh"), session, series.name.text, mistake);
    object.finish();
    return series;
}

std::vector<Series> all_series_from(Object& object, const char* key, const Session& session,
                                    Mistake& mistake) {
    std::vector<Series> all;
    std::vector<std::string> names;
    for (Json& one : object.array(key)) {
        all.push_back(series_from(one, session, mistake));
        names.push_back(all.back().name.text);
    }
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) mistake.note(fmt::format("\"{}\" names {} twice", key, *twice));
    return all;
}

SessionSide side_from(Json& json, const std::string& name, Mistake& mistake) {
    Object object(json, fmt::format("\"{}\"", name), mistake);
    SessionSide side;
    record::read_into(side.environment, object.value("environment"), mistake);
    side.cases = object.string("cases");
    object.get("context", side.context);
    object.finish();
    return side;
}

/// An integer of the session that must lie between `least` and `most`.
template <class Integer>
Integer whole_number(Object& object, const char* key, std::int64_t least, std::int64_t most,
                     Mistake& mistake) {
    const std::int64_t value = object.integer(key);
    if (value < least || value > most)
        mistake.note(fmt::format("\"{}\" is {}, expected {} to {}", key, value, least, most));
    return static_cast<Integer>(std::clamp(value, least, most));
}

Session session_from(Json& json, Mistake& mistake) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    Object object(json, "the session", mistake);
    Session session;
    object.integer(session_key.data());
    session.made_by = object.string("made_by");
    session.date = object.string("date");
    object.get("complete", session.complete);
    session.reason = object.string("reason");
    session.measured = side_from(object.value("measured"), "measured", mistake);
    session.against = side_from(object.value("against"), "against", mistake);
    session.seed = whole_number<std::int64_t>(object, "seed", 0, most, mistake);
    session.launches = whole_number<int>(object, "launches", 1, 100'000, mistake);
    session.pairs = whole_number<int>(object, "pairs", 1, 100'000, mistake);
    session.block_ns = whole_number<std::int64_t>(object, "block_ns", 1, most, mistake);
    session.cpu = whole_number<int>(object, "cpu", 0, 1'000'000, mistake);
    session.benchmarks = all_series_from(object, "benchmarks", session, mistake);
    session.same_code = all_series_from(object, "same_code", session, mistake);
    object.finish();
    return session;
}

int line_of(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace

std::string to_json(const Session& session) {
    const Ordered head{{"made_by", session.made_by},
                       {"date", session.date},
                       {"complete", session.complete},
                       {"reason", session.reason},
                       {"measured", json_of_side(session.measured)},
                       {"against", json_of_side(session.against)},
                       {"seed", session.seed},
                       {"launches", session.launches},
                       {"pairs", session.pairs},
                       {"block_ns", session.block_ns},
                       {"cpu", session.cpu}};
    std::string text = fmt::format("{{\"{}\": {}", session_key, session_format);
    for (const auto& [key, value] : head.items())
        text += fmt::format(",\n\"{}\": {}", key, dump(value));
    text += ",\n\"benchmarks\": " + lines_of(session.benchmarks);
    text += ",\n\"same_code\": " + lines_of(session.same_code);
    return text + "}\n";
}

Result<Session> parse_session(std::string_view text, const std::string& file) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& problem) {
        return tl::unexpected(Error{file, line_of(text, problem.byte),
                                    "not JSON, or cut off: expected a session",
                                    "`exportgate bench --against` writes sessions"});
    }
    if (!json.is_object() || !json.contains(session_key)) {
        const bool is_measurement =
            json.is_object() && json.contains("context") && json.contains("benchmarks");
        return tl::unexpected(Error{
            file, 0,
            is_measurement ? "a measurement of one environment, expected a session of two sides"
                           : "not a session",
            "`exportgate bench --against` writes sessions"});
    }
    if (json[session_key] != session_format) {
        return tl::unexpected(Error{file, 0,
                                    fmt::format("a session of format {}, expected {}",
                                                json[session_key].dump(), session_format),
                                    "read it with the exportgate that wrote it, or run `exportgate "
                                    "bench --against` again"});
    }
    Mistake mistake(file, 0);
    Session session = session_from(json, mistake);
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return session;
}

Result<Session> read_session(const std::filesystem::path& path) {
    const Result<std::string> text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    return parse_session(*text, path.string());
}

}  // namespace exportgate::bench
