#include "record/observation_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "record/check_table.h"
#include "record/record_file.h"

namespace exportgate::record {
namespace {

using Ordered = nlohmann::ordered_json;

// The first six, and one "check:<name>" after the other, are announced by children, in this order;
// "start" (before the first) and "exit" (after the last) are the harness's words for where a child
// ended.
constexpr std::array<std::string_view, 8> stages{"import", "construct", "register", "eager",
                                                 "export", "observe",   "start",    "exit"};
constexpr std::string_view check_stage = "check:";
constexpr std::array<std::string_view, 3> statuses{"pass", "fail",
                                                   "n/a"};  // in the order of CheckStatus

// A pytree as deep as this is a broken record, not a model.
constexpr int deepest_spec = 200;

constexpr int most_revisions = 1'000'000;

// Of a program that was printed as the exported one was: its text is not said again.
constexpr std::string_view same_print = "=";

bool is_stage(std::string_view word) {
    if (word.starts_with(check_stage)) {
        const std::string_view name = word.substr(check_stage.size());
        // What becomes of the program that another torch saved is no check, but timed as one.
        return name == "earlier" || is_of_worker(name);
    }
    return std::find(stages.begin(), stages.end(), word) != stages.end();
}

std::string stage_from(Object& object, Mistake& mistake) {
    std::string stage = object.string("stage");
    if (!is_stage(stage)) mistake.note(fmt::format("unknown stage \"{}\"", stage));
    return stage;
}

int small_integer(Object& object, const char* key, Mistake& mistake) {
    const std::int64_t value = object.integer(key);
    if (value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max())
        return static_cast<int>(value);
    mistake.note(fmt::format("\"{}\" is {}, out of range", key, value));
    return 0;
}

int revision_from(Object& object, const char* key, Mistake& mistake) {
    const int revision = small_integer(object, key, mistake);
    if (revision < 1 || revision > most_revisions)
        mistake.note(fmt::format("\"{}\" is {}, expected 1 or more", key, revision));
    return revision;
}

Ordered json_of(const SpecNode& node) {
    Ordered json{{"type", node.type}};
    if (!node.context.empty()) json["context"] = node.context;
    for (const SpecNode& child : node.children)
        json["children"].push_back(json_of(child));
    return json;
}

Constant constant_from(Json& json, Mistake& mistake) {
    Object object(json, "a constant", mistake);
    Constant constant{object.string("name"), object.string("dtype"), object.integers("shape"),
                      object.string("values"), object.string("same_as")};
    object.finish();
    return constant;
}

Ordered json_of(const Constant& constant) {
    return {{"name", constant.name},
            {"dtype", constant.dtype},
            {"shape", constant.shape},
            {"values", constant.values},
            {"same_as", constant.same_as}};
}

CheckStatus status_from(Object& object, const std::string& whose, Mistake& mistake) {
    const std::string status = object.string("status");
    const auto found = std::find(statuses.begin(), statuses.end(), status);
    if (found != statuses.end()) return static_cast<CheckStatus>(found - statuses.begin());
    mistake.note(fmt::format("status \"{}\" of {} is none of pass, fail, n/a", status, whose));
    return CheckStatus::fail;
}

std::string_view spelling_of(CheckStatus status) {
    return statuses.at(static_cast<std::size_t>(status));
}

CheckObservation check_from(Json& json, Mistake& mistake) {
    Object object(json, "a check", mistake);
    CheckObservation check;
    check.name = object.string("name");
    check.status = status_from(object, fmt::format("check \"{}\"", check.name), mistake);
    check.reasons = object.strings("reasons");
    check.notes = object.strings("notes");
    check.revision = revision_from(object, "revision", mistake);
    object.finish();
    return check;
}

Ordered json_of(const CheckObservation& check) {
    return {{"name", check.name},
            {"status", spelling_of(check.status)},
            {"reasons", check.reasons},
            {"notes", check.notes},
            {"revision", check.revision}};
}

/// The print of another program than the one that was printed as `print`: left out where there is
/// none.
std::string further_print(Object& object, const char* key, const std::string& print,
                          Mistake& mistake) {
    std::string text = object.optional_string(key);
    if (text != same_print) return text;
    if (print.empty())
        mistake.note(fmt::format("\"{}\" is \"=\", as the print of the cell, which has none", key));
    return print;
}

void add_further_print(Ordered& json, const char* key, const std::string& text,
                       const std::string& print) {
    if (!text.empty()) json[key] = text == print ? std::string(same_print) : text;
}

Exported exported_from(Json& json, Mistake& mistake) {
    Object object(json, "\"exported\"", mistake);
    Exported exported;
    exported.print = object.string("print");
    exported.in_spec = spec_from(object.value("in_spec"), 1, mistake);
    exported.out_spec = spec_from(object.value("out_spec"), 1, mistake);
    for (Json& constant : object.array("constants"))
        exported.constants.push_back(constant_from(constant, mistake));
    for (Json& check : object.array("checks")) {
        CheckObservation read = check_from(check, mistake);
        const auto same = [&](const CheckObservation& other) { return other.name == read.name; };
        if (std::any_of(exported.checks.begin(), exported.checks.end(), same)) {
            mistake.note(fmt::format("check \"{}\" is reported twice", read.name));
        }
        exported.checks.push_back(std::move(read));
    }
    exported.loaded = further_print(object, "loaded", exported.print, mistake);
    exported.decomposed = further_print(object, "decomposed", exported.print, mistake);
    exported.retraced = further_print(object, "retraced", exported.print, mistake);
    if (object.has("facts")) {
        const Json& facts = object.value("facts");
        if (!facts.is_object()) mistake.note("\"facts\" is no object");
        exported.facts = facts.dump();
    }
    object.finish();
    return exported;
}

Ordered json_of(const Exported& exported) {
    Ordered constants = Ordered::array();
    for (const Constant& constant : exported.constants)
        constants.push_back(json_of(constant));
    Ordered checks = Ordered::array();
    for (const CheckObservation& check : exported.checks)
        checks.push_back(json_of(check));
    Ordered json{{"print", exported.print}};
    add_further_print(json, "loaded", exported.loaded, exported.print);
    add_further_print(json, "decomposed", exported.decomposed, exported.print);
    add_further_print(json, "retraced", exported.retraced, exported.print);
    json["in_spec"] = json_of(exported.in_spec);
    json["out_spec"] = json_of(exported.out_spec);
    json["constants"] = std::move(constants);
    json["checks"] = std::move(checks);
    if (!exported.facts.empty()) json["facts"] = Ordered::parse(exported.facts);
    return json;
}

Rejected rejected_from(Json& json, Mistake& mistake) {
    Object object(json, "\"rejected\"", mistake);
    Rejected rejected{stage_from(object, mistake), object.string("exception"),
                      object.string("message"), object.optional_string("place")};
    object.finish();
    return rejected;
}

Crashed crashed_from(Json& json, Mistake& mistake) {
    Object object(json, "\"crashed\"", mistake);
    Crashed crashed{stage_from(object, mistake), small_integer(object, "signal", mistake),
                    small_integer(object, "exit_code", mistake)};
    object.finish();
    return crashed;
}

TimedOut timeout_from(Json& json, Mistake& mistake) {
    Object object(json, "\"timeout\"", mistake);
    TimedOut timeout{stage_from(object, mistake), object.number("limit_s")};
    object.finish();
    return timeout;
}

Unobserved unobserved_from(Json& json, Mistake& mistake) {
    Object object(json, "\"unobserved\"", mistake);
    Unobserved unobserved{object.string("reason")};
    object.finish();
    return unobserved;
}

/// The print of the cell's own program, "" where it did not export.
const std::string& print_of(const Observation& observation) {
    static const std::string none;
    const auto* exported = std::get_if<Exported>(&observation.result);
    return exported == nullptr ? none : exported->print;
}

Earlier earlier_from(Json& json, const std::string& print, Mistake& mistake) {
    Object object(json, "\"earlier\"", mistake);
    Earlier earlier;
    earlier.torch_build = object.string("torch_build");
    if (const auto version = TorchVersion::parse(earlier.torch_build); !version)
        mistake.note(fmt::format("\"torch_build\" of \"earlier\": {}", version.error().what));
    earlier.status = status_from(object, "\"earlier\"", mistake);
    earlier.reasons = object.strings("reasons");
    earlier.print = further_print(object, "print", print, mistake);
    object.finish();
    return earlier;
}

Ordered json_of(const Earlier& earlier, const std::string& print) {
    Ordered json{{"torch_build", earlier.torch_build},
                 {"status", spelling_of(earlier.status)},
                 {"reasons", earlier.reasons}};
    add_further_print(json, "print", earlier.print, print);
    return json;
}

struct AddResult {
    Ordered& json;

    void operator()(const Unobserved& result) const {
        json["unobserved"] = {{"reason", result.reason}};
    }
    void operator()(const Exported& result) const {
        json["exported"] = json_of(result);
    }
    void operator()(const Rejected& result) const {
        json["rejected"] = {
            {"stage", result.stage}, {"exception", result.exception}, {"message", result.message}};
        if (!result.place.empty()) json["rejected"]["place"] = result.place;
    }
    void operator()(const Crashed& result) const {
        json["crashed"] = {
            {"stage", result.stage}, {"signal", result.signal}, {"exit_code", result.exit_code}};
    }
    void operator()(const TimedOut& result) const {
        // JSON has no infinity; 0 stands for "no limit was set", which no timeout can have come
        // from
        json["timeout"] = {{"stage", result.stage},
                           {"limit_s", std::isfinite(result.limit_s) ? result.limit_s : 0.0}};
    }
};

}  // namespace

SpecNode spec_from(Json& json, int depth, Mistake& mistake) {
    SpecNode node;
    if (depth > deepest_spec) {
        mistake.note(fmt::format("a spec is nested more than {} deep", deepest_spec));
        return node;
    }
    Object object(json, "a spec", mistake);
    node.type = object.string("type");
    node.context = object.optional_string("context");
    if (object.has("children")) {
        for (Json& child : object.array("children"))
            node.children.push_back(spec_from(child, depth + 1, mistake));
    }
    object.finish();
    return node;
}

Observation observation_from(Json& json, Mistake& mistake) {
    Object object(json, "an observation", mistake);
    Observation observation;
    observation.cell = object.string("cell");
    int results = 0;
    const auto read = [&](const char* key, auto from) {
        if (!object.has(key)) return;
        ++results;
        observation.result = from(object.value(key), mistake);
    };
    read("exported", exported_from);
    read("rejected", rejected_from);
    read("crashed", crashed_from);
    read("timeout", timeout_from);
    read("unobserved", unobserved_from);
    if (results != 1) {
        mistake.note(
            fmt::format("an observation has {} results, expected one of exported, rejected, "
                        "crashed, timeout, unobserved",
                        results));
    }
    if (object.has("earlier")) {
        observation.earlier = earlier_from(object.value("earlier"), print_of(observation), mistake);
    }
    if (object.has("timings_s")) observation.timings_s = object.numbers_by_name("timings_s");
    observation.output = object.optional_string("output");
    object.finish();
    return observation;
}

Ordered json_of(const Observation& observation) {
    Ordered json{{"cell", observation.cell}};
    std::visit(AddResult{json}, observation.result);
    if (observation.earlier) json["earlier"] = json_of(*observation.earlier, print_of(observation));
    Ordered timings = Ordered::object();
    for (const auto& [stage, seconds] : observation.timings_s) {
        if (std::isfinite(seconds)) timings[stage] = seconds;
    }
    json["timings_s"] = std::move(timings);
    json["output"] = observation.output;
    return json;
}

Revisions revisions_from(const Json& json, Mistake& mistake) {
    Revisions revisions;
    if (!json.is_object()) mistake.note("the list of checks is no object");
    for (const auto& [name, revision] : json.items()) {
        if (!is_of_worker(name)) {
            mistake.note(fmt::format("check \"{}\" is not known", name));
        } else if (!revision.is_number_integer() || revision < 1 || revision > most_revisions) {
            mistake.note(fmt::format("the revision of check \"{}\" is {}, expected 1 or more", name,
                                     revision.dump()));
        } else {
            revisions.emplace(name, revision.get<int>());
        }
    }
    return revisions;
}

Result<Observation> parse_observation(std::string_view text, const std::string& file, int line) {
    Mistake mistake(file, line);
    Json json = parse_json(text, mistake);
    if (json.is_discarded())
        return tl::unexpected(Error{file, line, "not JSON, expected an observation", ""});
    Observation observation = observation_from(json, mistake);
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return observation;
}

Result<Revisions> parse_revisions(std::string_view text, const std::string& file) {
    Mistake mistake(file, 0);
    Revisions revisions = revisions_from(parse_json(text, mistake), mistake);
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return revisions;
}

}  // namespace exportgate::record
