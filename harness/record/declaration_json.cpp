#include "record/declaration_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "record/leaf_json.h"
#include "record/record_file.h"

namespace exportgate::record {
namespace {

using Ordered = nlohmann::ordered_json;
using matrix::Case;

template <class Value>
std::vector<Value> words_from(Object& object, const char* key,
                              const std::vector<std::string>& names, Mistake& mistake) {
    std::vector<Value> values;
    for (const std::string& word : object.strings(key)) {
        const auto found = std::find(names.begin(), names.end(), word);
        if (found == names.end()) {
            mistake.note(fmt::format("unknown word \"{}\" in \"{}\" of a case", word, key));
        } else {
            values.push_back(static_cast<Value>(found - names.begin()));
        }
    }
    return values;
}

template <class Value>
std::vector<std::string> words_of(const std::vector<Value>& values) {
    std::vector<std::string> words;
    for (const Value value : values)
        words.push_back(to_string(value));
    return words;
}

std::vector<matrix::Dim> dims_from(Object& object, Mistake& mistake) {
    std::vector<matrix::Dim> dims;
    for (Json& element : object.array("dims")) {
        Object dim(element, "a dim", mistake);
        dims.push_back({dim.string("name"), dim.integer("min"), dim.integer("max")});
        dim.finish();
    }
    return dims;
}

std::vector<matrix::Pair> pairs_from(Object& object, const std::vector<matrix::Dim>& dims,
                                     Mistake& mistake) {
    std::vector<matrix::Pair> pairs;
    for (Json& element : object.array("pairs")) {
        Object pair(element, "a pair", mistake);
        matrix::Pair read{pair.string("name"), {}};
        Object extents(pair.value("extents"), fmt::format("\"extents\" of pair \"{}\"", read.name),
                       mistake);
        for (const matrix::Dim& dim : dims)
            read.extents[dim.name] = extents.integer(dim.name.c_str());
        extents.finish();
        pair.finish();
        pairs.push_back(std::move(read));
    }
    return pairs;
}

std::vector<matrix::Relation> relations_from(Object& object, const std::vector<matrix::Dim>& dims,
                                             Mistake& mistake) {
    std::vector<matrix::Relation> relations;
    if (!object.has("relations")) return relations;
    for (const std::string& text : object.strings("relations")) {
        auto relation = matrix::Relation::parse(text);
        if (!relation || !all_declared(relation->names(), dims)) {
            mistake.note(
                fmt::format("\"{}\" of a case is not a relation between declared dims", text));
            continue;
        }
        relations.push_back(*std::move(relation));
    }
    return relations;
}

void report_impossible_pairs(const Case& one, Mistake& mistake) {
    for (const matrix::Relation& relation : one.relations) {
        for (const matrix::Pair& pair : one.pairs) {
            if (!relation.holds(pair.extents))
                mistake.note(fmt::format("pair \"{}\" does not obey the relation \"{}\"", pair.name,
                                         relation.text()));
        }
    }
}

std::map<std::string, matrix::ExportOption> export_options_from(Object& object, Mistake& mistake) {
    std::map<std::string, matrix::ExportOption> options;
    if (!object.has("export")) return options;
    Object table(object.value("export"), "\"export\" of a case", mistake);
    for (const std::string& name : matrix::export_option_names()) {
        if (!table.has(name.c_str())) continue;
        if (table.value(name.c_str()).is_boolean()) {
            options[name] = table.boolean(name.c_str());
        } else {
            options[name] = table.strings(name.c_str());
        }
    }
    table.finish();
    return options;
}

std::map<std::string, std::string> rounds_from(Object& object, Mistake& mistake) {
    std::map<std::string, std::string> rounds;
    if (!object.has("rounds")) return rounds;
    Object table(object.value("rounds"), "\"rounds\" of a case", mistake);
    for (const std::string& name : matrix::round_names()) {
        if (table.has(name.c_str())) rounds[name] = table.string(name.c_str());
    }
    table.finish();
    return rounds;
}

matrix::Extent extent_from(const Json& value, Mistake& mistake) {
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_string() && matrix::Polynomial::parse(value.get<std::string>()))
        return value.get<std::string>();
    mistake.note("\"counts_up\" of \"steps\" holds what is neither a number nor of dims");
    return std::int64_t{1};
}

std::optional<matrix::Steps> steps_from(Object& object, const Case& one, Mistake& mistake) {
    if (!object.has("steps")) return std::nullopt;
    Object table(object.value("steps"), "\"steps\" of a case", mistake);
    matrix::Steps steps;
    if (table.has("returned")) steps.returned = table.strings_by_name("returned");
    if (table.has("in_place")) steps.in_place = table.strings("in_place");
    if (table.has("counts_up")) {
        Json& counted = table.value("counts_up");
        if (!counted.is_object()) mistake.note("\"counts_up\" of \"steps\" is no object");
        for (const auto& [name, by] : counted.items())
            steps.counts_up[name] = extent_from(by, mistake);
    }
    steps.calls = static_cast<int>(table.integer("calls"));
    table.finish();
    const auto is_input = [&](const std::string& name) {
        if (!matrix::leaves_of(one.inputs, name).empty()) return;
        mistake.note(
            fmt::format("\"steps\" of a case names \"{}\", which it does not declare", name));
    };
    for (const auto& [input, output] : steps.returned) {
        is_input(input);
        if (matrix::leaves_of(one.outputs, output).empty())
            mistake.note(
                fmt::format("\"steps\" of a case names \"{}\", which it does not return", output));
    }
    for (const std::string& name : steps.in_place)
        is_input(name);
    for (const auto& counted : steps.counts_up)
        is_input(counted.first);
    return steps;
}

Ordered json_of(const matrix::Steps& steps) {
    Ordered json = Ordered::object();
    if (!steps.returned.empty()) json["returned"] = steps.returned;
    if (!steps.in_place.empty()) json["in_place"] = steps.in_place;
    for (const auto& [name, by] : steps.counts_up)
        std::visit([&, &key = name](const auto& value) { json["counts_up"][key] = value; }, by);
    json["calls"] = steps.calls;
    return json;
}

/// Words that stand for something the case declares, each once; none where the key is left out.
std::vector<std::string> names_from(Object& object, const char* key,
                                    const std::vector<std::string>& declared, Mistake& mistake) {
    if (!object.has(key)) return {};
    std::vector<std::string> names = object.strings(key);
    for (auto name = names.begin(); name != names.end(); ++name) {
        const bool known = std::find(declared.begin(), declared.end(), *name) != declared.end();
        if (!known)
            mistake.note(fmt::format("\"{}\" of a case names \"{}\", which it does not declare",
                                     key, *name));
        if (std::find(names.begin(), name, *name) != name)
            mistake.note(fmt::format("\"{}\" of a case names \"{}\" twice", key, *name));
    }
    return names;
}

std::vector<std::string> names_of(const auto& declared) {
    std::vector<std::string> names;
    for (const auto& one : declared)
        names.push_back(one.name);
    return names;
}

}  // namespace

Case case_from(Json& json, Mistake& mistake) {
    Object object(json, "a case", mistake);
    Case one;
    one.name = object.string("name");
    one.class_name = object.string("class");
    if (Json& first = object.value("first_torch"); !first.is_null()) {
        const auto version =
            TorchVersion::parse(first.is_string() ? first.get<std::string>() : first.dump());
        if (version) {
            one.first_torch = *version;
        } else {
            mistake.note(version.error().what);
        }
    }
    one.kinds = words_from<matrix::Kind>(object, "kinds", matrix::kind_names(), mistake);
    one.modes = words_from<matrix::Mode>(object, "modes", matrix::mode_names(), mistake);
    one.dims_styles =
        words_from<matrix::DimsStyle>(object, "dims_styles", matrix::dims_style_names(), mistake);
    one.dims = dims_from(object, mistake);
    one.inputs = leaves_from(object, "inputs", one.dims, mistake);
    one.outputs = leaves_from(object, "outputs", one.dims, mistake);
    one.relations = relations_from(object, one.dims, mistake);
    one.pairs = pairs_from(object, one.dims, mistake);
    report_impossible_pairs(one, mistake);
    one.export_pairs = names_from(object, "export_pairs", names_of(one.pairs), mistake);
    one.mutates = names_from(object, "mutates", names_of(one.inputs), mistake);
    if (object.has("model")) one.model_name = object.string("model");
    if (object.has("seed")) one.seed = object.integer("seed");
    if (object.has("tolerance")) {
        Object tolerance(object.value("tolerance"), "\"tolerance\" of a case", mistake);
        one.tolerance = {tolerance.number("rtol"), tolerance.number("atol")};
        tolerance.finish();
    }
    one.export_options = export_options_from(object, mistake);
    one.rounds = rounds_from(object, mistake);
    one.steps = steps_from(object, one, mistake);
    object.finish();
    return one;
}

Ordered json_of(const Case& one) {
    Ordered dims = Ordered::array();
    for (const matrix::Dim& dim : one.dims)
        dims.push_back(Ordered{{"name", dim.name}, {"min", dim.min}, {"max", dim.max}});
    Ordered pairs = Ordered::array();
    for (const matrix::Pair& pair : one.pairs) {
        Ordered extents = Ordered::object();
        for (const matrix::Dim& dim : one.dims)
            extents[dim.name] = pair.extents.at(dim.name);
        pairs.push_back(Ordered{{"name", pair.name}, {"extents", std::move(extents)}});
    }
    Ordered json{
        {"name", one.name},
        {"class", one.class_name},
        {"first_torch", one.first_torch ? Ordered(one.first_torch->text()) : Ordered(nullptr)},
        {"kinds", words_of(one.kinds)},
        {"modes", words_of(one.modes)},
        {"dims_styles", words_of(one.dims_styles)},
        {"inputs", leaves_json(one.inputs)},
        {"outputs", leaves_json(one.outputs)},
        {"dims", std::move(dims)},
        {"pairs", std::move(pairs)}};
    if (!one.export_pairs.empty()) json["export_pairs"] = one.export_pairs;
    if (!one.mutates.empty()) json["mutates"] = one.mutates;
    if (one.model_name != matrix::Case().model_name) json["model"] = one.model_name;
    if (one.tolerance)
        json["tolerance"] = {{"rtol", one.tolerance->relative}, {"atol", one.tolerance->absolute}};
    if (one.seed != 0) json["seed"] = one.seed;
    for (const matrix::Relation& relation : one.relations)
        json["relations"].push_back(relation.text());
    for (const auto& [name, option] : one.export_options)
        // Before clang 16 a lambda cannot refer to a structured binding by itself.
        std::visit([&, &key = name](const auto& value) { json["export"][key] = value; }, option);
    for (const auto& [name, reason] : one.rounds)
        json["rounds"][name] = reason;
    if (one.steps) json["steps"] = json_of(*one.steps);
    return json;
}

std::string to_json(const Case& one) {
    return json_of(one).dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

Environment environment_from(Json& json, Mistake& mistake) {
    Object object(json, "\"environment\"", mistake);
    Environment environment;
    environment.name = object.optional_string("name");
    environment.torch = object.string("torch");
    environment.torch_build = object.string("torch_build");
    environment.python = object.string("python");
    environment.platform = object.string("platform");
    environment.cxx11_abi = static_cast<int>(object.integer("cxx11_abi"));
    environment.packages = object.strings_by_name("packages");
    object.finish();
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
    return environment;
}

Ordered json_of(const Environment& environment) {
    return {{"torch", environment.torch},
            {"torch_build", environment.torch_build},
            {"python", environment.python},
            {"platform", environment.platform},
            {"cxx11_abi", environment.cxx11_abi},
            {"packages", environment.packages},
            {"name", environment.name}};
}

Result<Environment> parse_environment(std::string_view text, const std::string& file, int line) {
    Mistake mistake(file, line);
    Json json = parse_json(text, mistake);
    if (json.is_discarded())
        return tl::unexpected(Error{file, line, "not JSON, expected an environment", ""});
    Environment environment = environment_from(json, mistake);
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return environment;
}

}  // namespace exportgate::record
