#include "record/declaration_json.h"

#include <fmt/format.h>

#include <algorithm>

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

matrix::Constant constant_from(const Json& json, const std::vector<matrix::Dim>& dims,
                               const matrix::Leaf& leaf, Mistake& mistake) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    const bool names_a_dim = json.is_object() && json.size() == 1 && json.contains("dim");
    const auto is_named = [&](const matrix::Dim& dim) { return json.at("dim") == dim.name; };
    if (names_a_dim && std::any_of(dims.begin(), dims.end(), is_named))
        return json.at("dim").get<std::string>();
    mistake.note(
        fmt::format("the value of leaf \"{}\" is {}, which is neither a number nor a "
                    "declared dim",
                    leaf.name, json.dump()));
    return nullptr;
}

matrix::Values values_from(const Json& json, const matrix::Leaf& leaf, Mistake& mistake) {
    if (json == "ones") return matrix::Fill::ones;
    if (json == "zeros") return matrix::Fill::zeros;
    if (json.is_array() && json.size() == 2 && json[0].is_number() && json[1].is_number())
        return matrix::ValueRange{json[0].get<double>(), json[1].get<double>()};
    mistake.note(
        fmt::format("the values of leaf \"{}\" are {}, which is neither \"ones\", "
                    "\"zeros\" nor two numbers",
                    leaf.name, json.dump()));
    return matrix::Fill::anything;
}

std::vector<matrix::Leaf> leaves_from(Object& object, const char* key,
                                      const std::vector<matrix::Dim>& dims, Mistake& mistake) {
    std::vector<matrix::Leaf> leaves;
    for (Json& element : object.array(key)) {
        Object leaf(element, "a leaf", mistake);
        matrix::Leaf read{.name = leaf.string("name"), .shape = {}};
        if (leaf.has("none")) {
            read.constant = nullptr;
            if (!leaf.boolean("none"))
                mistake.note(fmt::format("leaf \"{}\" says that it is not None", read.name));
            leaf.finish();
            leaves.push_back(std::move(read));
            continue;
        }
        if (leaf.has("value")) {
            read.constant = constant_from(leaf.value("value"), dims, read, mistake);
            leaf.finish();
            leaves.push_back(std::move(read));
            continue;
        }
        read.dtype = leaf.string("dtype");
        if (leaf.has("values")) read.values = values_from(leaf.value("values"), read, mistake);
        for (Json& extent : leaf.array("shape")) {
            if (extent.is_number_integer()) {
                read.shape.emplace_back(extent.get<std::int64_t>());
                continue;
            }
            const auto* name = extent.get_ptr<const Json::string_t*>();
            const auto sum = name != nullptr ? matrix::sum_of(*name) : std::nullopt;
            const auto named = [&](const matrix::Dim& dim) {
                return name != nullptr && dim.name == (sum ? sum->dim : *name);
            };
            if (std::none_of(dims.begin(), dims.end(), named)) {
                mistake.note(
                    fmt::format("the shape of leaf \"{}\" holds {}, which is neither a number nor "
                                "a declared dim",
                                read.name, extent.dump()));
                continue;
            }
            read.shape.emplace_back(*name);
        }
        leaf.finish();
        leaves.push_back(std::move(read));
    }
    return leaves;
}

Ordered json_of(const std::string& name, const matrix::Constant& constant) {
    if (std::holds_alternative<std::nullptr_t>(constant)) return {{"name", name}, {"none", true}};
    if (const auto* dim = std::get_if<std::string>(&constant))
        return {{"name", name}, {"value", {{"dim", *dim}}}};
    Ordered json{{"name", name}};
    if (const auto* truth = std::get_if<bool>(&constant)) json["value"] = *truth;
    if (const auto* whole = std::get_if<std::int64_t>(&constant)) json["value"] = *whole;
    if (const auto* number = std::get_if<double>(&constant)) json["value"] = *number;
    return json;
}

Ordered json_of(const matrix::Values& values) {
    if (const auto* range = std::get_if<matrix::ValueRange>(&values))
        return Ordered::array({(*range)[0], (*range)[1]});
    return std::get<matrix::Fill>(values) == matrix::Fill::ones ? "ones" : "zeros";
}

Ordered json_of(const std::vector<matrix::Leaf>& leaves) {
    Ordered array = Ordered::array();
    for (const matrix::Leaf& leaf : leaves) {
        if (leaf.constant) {
            array.push_back(json_of(leaf.name, *leaf.constant));
            continue;
        }
        Ordered shape = Ordered::array();
        for (const matrix::Extent& extent : leaf.shape) {
            std::visit([&](const auto& value) { shape.push_back(value); }, extent);
        }
        Ordered json{{"name", leaf.name}, {"shape", std::move(shape)}, {"dtype", leaf.dtype}};
        if (leaf.values != matrix::Values(matrix::Fill::anything))
            json["values"] = json_of(leaf.values);
        array.push_back(std::move(json));
    }
    return array;
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
    one.pairs = pairs_from(object, one.dims, mistake);
    one.export_pairs = names_from(object, "export_pairs", names_of(one.pairs), mistake);
    one.mutates = names_from(object, "mutates", names_of(one.inputs), mistake);
    if (object.has("model")) one.model_name = object.string("model");
    if (object.has("seed")) one.seed = object.integer("seed");
    if (object.has("tolerance")) {
        Object tolerance(object.value("tolerance"), "\"tolerance\" of a case", mistake);
        one.tolerance = {tolerance.number("rtol"), tolerance.number("atol")};
        tolerance.finish();
    }
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
        {"inputs", json_of(one.inputs)},
        {"outputs", json_of(one.outputs)},
        {"dims", std::move(dims)},
        {"pairs", std::move(pairs)}};
    if (!one.export_pairs.empty()) json["export_pairs"] = one.export_pairs;
    if (!one.mutates.empty()) json["mutates"] = one.mutates;
    if (one.model_name != matrix::Case().model_name) json["model"] = one.model_name;
    if (one.tolerance)
        json["tolerance"] = {{"rtol", one.tolerance->relative}, {"atol", one.tolerance->absolute}};
    if (one.seed != 0) json["seed"] = one.seed;
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
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return tl::unexpected(Error{file, line, "not JSON, expected an environment", ""});
    Mistake mistake(file, line);
    Environment environment = environment_from(json, mistake);
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return environment;
}

}  // namespace exportgate::record
