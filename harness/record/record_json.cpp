// What members of the parts of a record break together, and each part as a text of its own.
#include "record/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/files.h"
#include "matrix/cell.h"

namespace exportgate::record {
namespace {

void find_strange_names(const char* key, const std::vector<std::string>& names,
                        const auto& declared, Mistake& mistake) {
    for (auto name = names.begin(); name != names.end(); ++name) {
        const bool known = std::any_of(declared.begin(), declared.end(),
                                       [&](const auto& one) { return one.name == *name; });
        if (!known)
            mistake.note("\"{}\" of a case names \"{}\", which it does not declare", key, *name);
        if (std::find(names.begin(), name, *name) != name)
            mistake.note("\"{}\" of a case names \"{}\" twice", key, *name);
    }
}

void find_strange_steps(const matrix::Case& one, const matrix::Steps& steps, Mistake& mistake) {
    const auto is_input = [&](const std::string& name) {
        if (matrix::leaves_of(one.inputs, name).empty())
            mistake.note("\"steps\" of a case names \"{}\", which it does not declare", name);
    };
    for (const auto& [input, output] : steps.returned) {
        is_input(input);
        if (matrix::leaves_of(one.outputs, output).empty())
            mistake.note("\"steps\" of a case names \"{}\", which it does not return", output);
    }
    for (const std::string& name : steps.in_place)
        is_input(name);
    for (const auto& counted : steps.counts_up)
        is_input(counted.first);
}

std::optional<matrix::ParameterValue> parameter_of(const Json& json) {
    if (const auto* text = json.get_ptr<const std::string*>()) return *text;
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number_float()) return json.get<double>();
    return std::nullopt;
}

}  // namespace

void Parameters::read(Reader& reader, const char* key, std::vector<matrix::Parameter>& parameters) {
    const Json& list = reader.value(key);
    if (!list.is_array()) return reader.note("\"{}\" of a case is no list", key);
    for (const Json& each : list) {
        const bool has_both =
            each.is_object() && each.size() == 2 && each.contains("name") && each.contains("value");
        const auto value = has_both ? parameter_of(each.at("value")) : std::nullopt;
        if (!value || !each.at("name").is_string())
            return reader.note("\"{}\" of a case holds what is no name with a value", key);
        parameters.push_back({each.at("name").get<std::string>(), *value});
    }
}

Ordered Parameters::write(const std::vector<matrix::Parameter>& parameters) {
    Ordered list = Ordered::array();
    for (const matrix::Parameter& each : parameters) {
        const Ordered value =
            std::visit([](const auto& plain) { return Ordered(plain); }, each.value);
        list.push_back({{"name", each.name}, {"value", value}});
    }
    return list;
}

void find_contradictions(const matrix::Case& one, Mistake& mistake) {
    if (one.name != matrix::folder_of(one.name) + matrix::in_brackets(one.parameters))
        mistake.note("the name of case \"{}\" does not say its parameters", one.name);
    for (const matrix::Relation& relation : one.relations) {
        for (const matrix::Pair& pair : one.pairs) {
            if (!relation.holds(pair.extents))
                mistake.note("pair \"{}\" does not obey the relation \"{}\"", pair.name,
                             relation.text());
        }
    }
    for (const auto& [name, reason] : one.rounds) {
        const auto& known = matrix::round_names();
        if (std::find(known.begin(), known.end(), name) == known.end())
            mistake.note("\"rounds\" of a case has an unknown key \"{}\"", name);
    }
    find_strange_names("export_pairs", one.export_pairs, one.pairs, mistake);
    find_strange_names("mutates", one.mutates, one.inputs, mistake);
    if (one.steps) find_strange_steps(one, *one.steps, mistake);
    for (const std::string& name : one.consumers) {
        const auto& known = matrix::consumer_names();
        if (std::find(known.begin(), known.end(), name) == known.end())
            mistake.note("\"consumers\" of a case names \"{}\", which is none", name);
    }
}

std::string to_json(const matrix::Case& one) {
    return json_of(one).dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

void find_check_twice(const Exported& exported, Mistake& mistake) {
    const auto& checks = exported.checks;
    for (auto check = checks.begin(); check != checks.end(); ++check) {
        const auto same = [&](const CheckObservation& other) { return other.name == check->name; };
        if (std::any_of(checks.begin(), check, same))
            mistake.note("check \"{}\" is reported twice", check->name);
    }
}

void find_strange_build(const Earlier& earlier, Mistake& mistake) {
    if (const auto version = TorchVersion::parse(earlier.torch_build); !version)
        mistake.note("\"torch_build\" of \"earlier\": {}", version.error().what);
}

Revisions revisions_from(const Json& json, Mistake& mistake) {
    Revisions revisions;
    if (!json.is_object()) mistake.note("the list of checks is no object");
    for (const auto& [name, revision] : json.items()) {
        if (!is_of_worker(name)) {
            mistake.note("check \"{}\" is not known", name);
        } else if (!revision.is_number_integer() || revision < 1 || revision > most_revisions) {
            mistake.note("the revision of check \"{}\" is {}, expected 1 or more", name,
                         revision.dump());
        } else {
            revisions.emplace(name, revision.get<int>());
        }
    }
    return revisions;
}

Result<Observation> parse_observation(std::string_view text, const std::string& file, int line) {
    return parse_as<Observation>(text, "an observation", file, line);
}

Result<Revisions> parse_revisions(std::string_view text, const std::string& file) {
    Mistake mistake(file, 0);
    Revisions revisions = revisions_from(parse_json(text, mistake), mistake);
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return revisions;
}

void find_strange_torch(const Environment& environment, Mistake& mistake) {
    const auto version = TorchVersion::parse(environment.torch);
    if (!version) mistake.note(version.error().what);
    const auto build = TorchVersion::parse(environment.torch_build);
    // Which goldens apply follows from the one, what a person is shown is the other.
    if (version && !environment.torch_build.empty() && (!build || *build != *version)) {
        mistake.note(
            fmt::format("\"environment\" is of torch {} and of the build {}: one of them "
                        "is wrong",
                        environment.torch, environment.torch_build));
    }
}

void find_strange_header(const Header& header, Mistake& mistake) {
    if (const auto shard = matrix::parse_shard(header.shard); !header.shard.empty() && !shard)
        mistake.note(shard.error().what);
    if (!is_one_line(header.note))
        mistake.note("\"note\" of the record header holds control characters");
}

void find_strange_end(const Footer& footer, Mistake& mistake) {
    if (footer.complete && !footer.reason.empty()) {
        mistake.note("the footer says that the record is complete, and why it is not: {}",
                     footer.reason);
    }
}

Result<Environment> parse_environment(std::string_view text, const std::string& file, int line) {
    return parse_as<Environment>(text, "an environment", file, line);
}

}  // namespace exportgate::record
