#include "archive/compare_interface.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>

#include "archive/enumerators.h"
#include "archive/json_place.h"
#include "archive/operand_text.h"
#include "archive/schema_members.h"
#include "archive/signature_text.h"
#include "archive/sympy_text.h"

namespace exportgate::archive {
namespace {

using nlohmann::json;

constexpr std::size_t most_lines = 8;

std::string brief(const json& value) {
    return fmt::format("{:.120}", value.dump());
}

/// What mistakes there are goes into the part: it could not be compared.
Part unless_unreadable(Part part, const FirstMistake& mistake) {
    if (!mistake.none()) {
        part.found = Found::unreadable;
        part.lines.push_back(mistake.what());
    } else if (part.found == Found::same && !part.lines.empty()) {
        part.found = Found::different;
    }
    return part;
}

struct InputFact {
    std::string name;      // of a user input; empty for what torch lifts
    std::string constant;  // value of an input that is no tensor
    std::string layout;    // "strides [6, 1], cpu, strided, requires_grad"
};

/// Symbols have the names of the canonical text, which are the same in equal graphs.
std::string stride_text(const Place& size, const SymbolNames& names) {
    const auto [kind, value] = size.tagged();
    if (kind != "as_expr") return size_of_document(size);
    const auto text = size_text(value.at("expr_str").text(), &names);
    if (!text) value.note("a size that is not understood");
    return text.value_or("");
}

std::string layout_text(const Place& meta, const SymbolNames& names) {
    std::string strides;
    for (const Place& stride : meta.at("strides").items())
        strides += (strides.empty() ? "" : ", ") + stride_text(stride, names);
    const Place device = meta.at("device");
    const auto index = device.find("index");
    return fmt::format("strides [{}], offset {}, {}{}, {}, {}", strides,
                       stride_text(meta.at("storage_offset"), names), device.at("type").text(),
                       index ? fmt::format(":{}", index->integer()) : "",
                       layout_of_number(meta.at("layout").integer()),
                       meta.at("requires_grad").boolean() ? "requires_grad" : "no requires_grad");
}

std::vector<InputFact> input_facts(const SavedModel& model, FirstMistake& mistake) {
    SymbolNames names;
    for (const graph::Symbol& symbol : model.canonical.symbols)
        names.emplace(symbol.printed, symbol.name);
    const Place module = Place(model.document, "", mistake).at("graph_module");
    const Place metas = module.at("graph").at("tensor_values");
    const std::vector<std::string> graph_names = input_names(module.at("signature"));
    std::vector<InputFact> facts;
    for (const Place& input : module.at("signature").at("input_specs").items()) {
        const auto [tag, spec] = input.tagged();
        InputFact fact;
        const std::string& name = graph_names[facts.size()];
        if (tag == "user_input" || tag == "constant_input") fact.name = name;
        if (tag == "constant_input") fact.constant = spec.at("value").json().dump();
        if (const auto meta = metas.find(name.c_str()); meta && !name.empty())
            fact.layout = layout_text(*meta, names);
        facts.push_back(std::move(fact));
    }
    return facts;
}

/// Without the spaces between the words of a JSON text.
std::string compact(std::string_view text) {
    std::string kept;
    bool in_string = false;
    bool is_escaped = false;
    for (const char c : text) {
        const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (in_string || !is_space) kept += c;
        if (c == '"' && !is_escaped) in_string = !in_string;
        is_escaped = in_string && c == '\\' && !is_escaped;
    }
    return kept;
}

/// The text of a spec is JSON; differences are named by their places in it. Numbers are compared as
/// they are spelled: 1 and 1.0 are two contexts, and so are integers that JSON libraries round.
void compare_spec(const std::string& what, const std::string& a, const std::string& b, Part& part) {
    if (a == b) return;
    const auto first = parse_document(a, what);
    const auto second = parse_document(b, what);
    if (!first || !second) {
        part.lines.push_back(fmt::format("{}: {:.200} in a, {:.200} in b", what, a, b));
        return;
    }
    const json steps = json::diff(*first, *second);
    if (steps.empty() && compact(a) != compact(b))
        part.lines.push_back(fmt::format("{}: {:.200} in a, {:.200} in b", what, a, b));
    for (const json& step : steps) {
        if (part.lines.size() >= most_lines) {
            part.lines.push_back("and more");
            return;
        }
        const auto path = step.at("path").get<std::string>();
        const json::json_pointer pointer(path);
        const bool in_a = step.at("op") != "add" && first->contains(pointer);
        part.lines.push_back(fmt::format(
            "{} at {}: {} in a, {} in b", what, path, in_a ? brief(first->at(pointer)) : "nothing",
            step.contains("value") ? brief(step.at("value")) : "nothing"));
    }
}

struct KeptSignature {
    std::string in_spec;
    std::string out_spec;
    std::optional<json> arguments;  // nothing: this schema has none
    json values;                    // which ones of the graph go in and come out, by their places
};

using PlaceByName = std::map<std::string, std::string>;

/// Calls `name` with each name of a value in `arguments`.
void for_each_name(const json& arguments, const std::function<void(const std::string&)>& name) {
    for (const auto& [key, value] : arguments.items()) {
        if (value.is_string() && (key == "name" || key == "as_name"))
            name(value.get<std::string>());
        else if (value.is_structured())
            for_each_name(value, name);
    }
}

/// Where in the file each value of the graph is made: "input 0", "node 3, 1".
PlaceByName places_of_values(const Place& graph) {
    PlaceByName places;
    std::size_t number = 0;
    for_each_name(graph.at("inputs").json(), [&](const std::string& name) {
        places.emplace(name, fmt::format("input {}", number++));
    });
    std::size_t node = 0;
    for (const Place& each : graph.at("nodes").items()) {
        number = 0;
        for_each_name(each.at("outputs").json(), [&](const std::string& name) {
            places.emplace(name, fmt::format("node {}, {}", node, number++));
        });
        ++node;
    }
    return places;
}

/// `arguments` with places for names, which mean nothing.
json with_places(json arguments, const PlaceByName& places) {
    for (const auto& [key, value] : arguments.items()) {
        if (value.is_structured()) {
            value = with_places(std::move(value), places);
        } else if (value.is_string() && (key == "name" || key == "as_name")) {
            const auto place = places.find(value.get<std::string>());
            if (place != places.end()) value = place->second;
        }
    }
    return arguments;
}

/// Operators and their operands in the order of the file: where both are equal, a place means the
/// same value in both files.
json nodes_in_order(const SavedModel& model, FirstMistake& mistake) {
    json found = json::array();
    const Place graph = Place(model.document, "", mistake).at("graph_module").at("graph");
    const PlaceByName places = places_of_values(graph);
    for (const Place& node : graph.at("nodes").items())
        found.push_back({node.at("target").text(), with_places(node.at("inputs").json(), places)});
    return found;
}

std::map<std::string, KeptSignature> signatures(const SavedModel& model, FirstMistake& mistake) {
    std::map<std::string, KeptSignature> kept;
    const Place module = Place(model.document, "", mistake).at("graph_module");
    const PlaceByName places = places_of_values(module.at("graph"));
    for (const Place& entry : module.at("module_call_graph").items()) {
        const auto signature = entry.find("signature");
        if (!signature) continue;
        KeptSignature& one = kept[entry.at("fqn").text()];
        one.in_spec = signature->at("in_spec").text();
        one.out_spec = signature->at("out_spec").text();
        if (const auto names = signature->find("forward_arg_names")) one.arguments = names->json();
        one.values = {{"inputs", with_places(signature->at("inputs").json(), places)},
                      {"outputs", with_places(signature->at("outputs").json(), places)}};
    }
    return kept;
}

/// Class -> names of its fields; nothing in a file of 2.6, which does not keep them.
std::optional<json> named_tuples(const SavedModel& model, FirstMistake& mistake) {
    const Place module = Place(model.document, "", mistake).at("graph_module");
    const auto fields = module.find("treespec_namedtuple_fields");
    return fields ? std::optional(fields->json()) : std::nullopt;
}

std::set<std::string> texts(const Place& list) {
    std::set<std::string> found;
    for (const Place& item : list.items())
        found.insert(item.text());
    return found;
}

void compare_sets(const std::string& what, const std::set<std::string>& a,
                  const std::set<std::string>& b, Part& part) {
    for (const std::string& one : a)
        if (!b.contains(one)) part.lines.push_back(fmt::format("{}only in a: {:.300}", what, one));
    for (const std::string& one : b)
        if (!a.contains(one)) part.lines.push_back(fmt::format("{}only in b: {:.300}", what, one));
}

void compare_member(const char* key, const SavedModel& a, const SavedModel& b, Part& part) {
    const json first = a.document.value(key, json());
    const json second = b.document.value(key, json());
    if (first != second)
        part.lines.push_back(fmt::format("{}: {} in a, {} in b", key, brief(first), brief(second)));
}

}  // namespace

Part compare_inputs(const SavedModel& a, const SavedModel& b) {
    Part part{"inputs"};
    FirstMistake mistake;
    const std::vector<InputFact> first = input_facts(a, mistake);
    const std::vector<InputFact> second = input_facts(b, mistake);
    // Another number of inputs is a difference of the graphs, and said there.
    for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
        const InputFact& one = first[i];
        const InputFact& other = second[i];
        const std::string name = one.name.empty() ? fmt::format("input {}", i) : one.name;
        if (one.name != other.name && !one.name.empty() && !other.name.empty())
            part.lines.push_back(fmt::format("{}: is called {} in b", name, other.name));
        if (one.constant != other.constant)
            part.lines.push_back(
                fmt::format("{}: {:.100} in a, {:.100} in b", name, one.constant, other.constant));
        if (one.layout != other.layout)
            part.lines.push_back(
                fmt::format("{}: {} in a, {} in b", name, one.layout, other.layout));
    }
    return unless_unreadable(std::move(part), mistake);
}

Part compare_specs(const SavedModel& a, const SavedModel& b) {
    Part part{"in_spec, out_spec and argument names"};
    FirstMistake mistake;
    const auto first = signatures(a, mistake);
    const auto second = signatures(b, mistake);
    // Places can be compared where the nodes are in one order. Other orders may be the same graph.
    const bool in_one_order = nodes_in_order(a, mistake) == nodes_in_order(b, mistake);
    std::vector<std::string> not_compared;
    for (const auto& [name, one] : first) {
        const std::string of = name.empty() ? "" : "module " + name + ", ";
        const auto at = second.find(name);
        if (at == second.end()) {
            part.lines.push_back(fmt::format("{}kept signature: only in a", of));
            continue;
        }
        compare_spec(of + "in_spec", one.in_spec, at->second.in_spec, part);
        compare_spec(of + "out_spec", one.out_spec, at->second.out_spec, part);
        const auto& other = at->second.arguments;
        if (one.arguments.has_value() != other.has_value())
            not_compared.push_back(of + "argument names: only one of the files has them");
        else if (one.arguments && *one.arguments != *other)
            part.lines.push_back(fmt::format("{}argument names: {} in a, {} in b", of,
                                             brief(*one.arguments), brief(*other)));
        if (!in_one_order && (!one.values["inputs"].empty() || !one.values["outputs"].empty()))
            not_compared.push_back(of + "inputs and outputs: the nodes are in another order");
        else if (one.values != at->second.values)
            part.lines.push_back(fmt::format("{}inputs and outputs: {} in a, {} in b", of,
                                             brief(one.values), brief(at->second.values)));
    }
    for (const auto& [name, other] : second)
        if (!first.contains(name))
            part.lines.push_back(fmt::format("module {}, kept signature: only in b", name));
    const auto a_names = named_tuples(a, mistake);
    const auto b_names = named_tuples(b, mistake);
    if (a_names.has_value() != b_names.has_value() && !a_names.value_or(*b_names).empty())
        not_compared.emplace_back("fields of named tuples: only one of the files has them");
    else if (a_names && b_names)
        compare_spec("fields of named tuples", a_names->dump(), b_names->dump(), part);
    if (part.lines.empty() && !not_compared.empty()) {
        part.found = Found::not_compared;
        part.lines = std::move(not_compared);
    }
    return unless_unreadable(std::move(part), mistake);
}

Part compare_guards(const SavedModel& a, const SavedModel& b) {
    Part part{"guards"};
    FirstMistake mistake;
    const auto first = Place(a.document, "", mistake).find("guards_code");
    const auto second = Place(b.document, "", mistake).find("guards_code");
    if (!first || !second) {
        part.found = Found::not_compared;
        part.lines.push_back(first    ? "only b is of a torch that saves none"
                             : second ? "only a is of a torch that saves none"
                                      : "this torch saves none");
        return part;
    }
    compare_sets("", texts(*first), texts(*second), part);
    return unless_unreadable(std::move(part), mistake);
}

Part compare_versions(const SavedModel& a, const SavedModel& b) {
    Part part{"opset and dialect"};
    FirstMistake mistake;
    compare_member("opset_version", a, b, part);
    compare_member("verifiers", a, b, part);
    return unless_unreadable(std::move(part), mistake);
}

Part compare_metadata(const SavedModel& a, const SavedModel& b) {
    Part part{"metadata of the module"};
    FirstMistake mistake;
    const auto of = [&](const SavedModel& model) {
        const Place module = Place(model.document, "", mistake).at("graph_module");
        const auto metadata = module.find("metadata");
        return metadata ? metadata->json() : json::object();
    };
    const json first = of(a);
    const json second = of(b);
    if (first != second)
        part.lines.push_back(fmt::format("{} in a, {} in b", brief(first), brief(second)));
    if (!part.lines.empty()) part.found = Found::file_only;
    return unless_unreadable(std::move(part), mistake);
}

std::optional<Part> compare_unknown_members(const SavedModel& a, const SavedModel& b) {
    const auto of = [](const SavedModel& model) {
        UnknownMembers all = unknown_members(model.document);
        all.insert(model.unknown_of_carried.begin(), model.unknown_of_carried.end());
        return all;
    };
    const UnknownMembers first = of(a);
    const UnknownMembers second = of(b);
    if (first.empty() && second.empty()) return std::nullopt;
    Part part{"members that are not known"};
    std::set<std::string> names;
    for (const UnknownMembers* members : {&first, &second})
        for (const auto& [name, values] : *members)
            names.insert(name);
    for (const std::string& name : names) {
        const auto of_a = first.find(name);
        const auto of_b = second.find(name);
        if (of_a == first.end() || of_b == second.end())
            part.lines.push_back(
                fmt::format("{}: only in {}", name, of_a == first.end() ? "b" : "a"));
        else if (of_a->second != of_b->second)
            part.lines.push_back(fmt::format("{}: differs", name));
    }
    if (!part.lines.empty()) part.found = Found::unreadable;
    return part;
}

Part compare_origin(const SavedModel& a, const SavedModel& b) {
    Part part{"torch and schema"};
    compare_member("torch_version", a, b, part);
    compare_member("schema_version", a, b, part);
    if (!part.lines.empty()) part.found = Found::file_only;
    return part;
}

std::string torch_of(const SavedModel& model) {
    const auto at = model.document.find("torch_version");
    return at != model.document.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace exportgate::archive
