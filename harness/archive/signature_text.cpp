#include "archive/signature_text.h"

#include <fmt/format.h>

#include <array>

#include "archive/operand_text.h"
#include "archive/python_text.h"

namespace exportgate::archive {
namespace {

struct KnownSpec {
    std::string_view tag;
    std::string_view kind;
    const char* target;  // the member that has it; null: none
};

constexpr std::array<KnownSpec, 7> known_inputs = {{
    {"user_input", "USER_INPUT", nullptr},
    {"parameter", "PARAMETER", "parameter_name"},
    {"buffer", "BUFFER", "buffer_name"},
    {"tensor_constant", "CONSTANT_TENSOR", "tensor_constant_name"},
    {"custom_obj", "CUSTOM_OBJ", "custom_obj_name"},
    {"token", "TOKEN", nullptr},
    {"constant_input", "USER_INPUT", nullptr},
}};

constexpr std::array<KnownSpec, 8> known_outputs = {{
    {"user_output", "USER_OUTPUT", nullptr},
    {"loss_output", "LOSS_OUTPUT", nullptr},
    {"buffer_mutation", "BUFFER_MUTATION", "buffer_name"},
    {"parameter_mutation", "PARAMETER_MUTATION", "parameter_name"},
    {"gradient_to_parameter", "GRADIENT_TO_PARAMETER", "parameter_name"},
    {"gradient_to_user_input", "GRADIENT_TO_USER_INPUT", "user_input_name"},
    {"user_input_mutation", "USER_INPUT_MUTATION", "user_input_name"},
    {"token", "TOKEN", nullptr},
}};

template <class Known>
const KnownSpec& find_spec(const Known& known, const std::string& tag, const Place& spec) {
    for (const KnownSpec& one : known)
        if (one.tag == tag) return one;
    spec.note(fmt::format("the unknown kind {}", tag));
    return known[0];
}

/// The name of a value; empty for a constant.
std::string argument_name(const Place& argument) {
    if (argument.json().is_object() && argument.json().contains("name"))
        return value_name(argument.at("name"));
    const auto [kind, value] = argument.tagged();
    if (kind == "as_tensor" || kind == "as_custom_obj") return value_name(value.at("name"));
    if (kind.starts_with("as_sym_")) {
        const auto [inner, name] = value.tagged();
        if (inner == "as_name") return value_name(name);
    }
    return "";
}

std::string name_of_input(const std::string& tag, const Place& spec) {
    if (tag != "constant_input") return argument_name(spec.at("arg"));
    const std::string name = spec.at("name").text();
    return name.empty() ? name : value_name(spec.at("name"));
}

std::string target_text(const KnownSpec& known, const Place& spec) {
    if (known.target == nullptr) return "";
    return " target=" + target_string(spec.at(known.target).text());
}

std::string bound_text(const Place& range, const char* key, const char* infinite) {
    const auto bound = range.find(key);
    return bound ? fmt::format("{}", bound->integer()) : infinite;
}

}  // namespace

std::vector<std::string> input_names(const Place& signature) {
    std::vector<std::string> names;
    for (const Place& input : signature.at("input_specs").items()) {
        const auto [tag, spec] = input.tagged();
        names.push_back(name_of_input(tag, spec));
    }
    return names;
}

std::string signature_text(const Place& signature, const Place& ranges) {
    std::string text = "Graph signature:\n    # inputs\n";
    for (const Place& input : signature.at("input_specs").items()) {
        const auto [tag, spec] = input.tagged();
        const KnownSpec& known = find_spec(known_inputs, tag, input);
        text += fmt::format("    {}: {}{}", name_of_input(tag, spec), known.kind,
                            target_text(known, spec));
        if (tag == "buffer")
            text +=
                fmt::format(" persistent={}", spec.at("persistent").boolean() ? "True" : "False");
        text += "\n";
    }
    text += "\n    # outputs\n";
    for (const Place& output : signature.at("output_specs").items()) {
        const auto [tag, spec] = output.tagged();
        const KnownSpec& known = find_spec(known_outputs, tag, output);
        text += fmt::format("    {}: {}{}\n", argument_name(spec.at("arg")), known.kind,
                            target_text(known, spec));
    }
    std::string ranges_text;
    for (const auto& [size, range] : ranges.members()) {
        // As prints have it, not as sympy's srepr(): the reader of prints judges it.
        if (size.find_first_of("'\"\n{}[]:") != std::string::npos)
            range.note("a size that is not understood");
        ranges_text += ranges_text.empty() ? "" : ", ";
        ranges_text += fmt::format("{}: VR[{}, {}]", size, bound_text(range, "min_val", "-int_oo"),
                                   bound_text(range, "max_val", "int_oo"));
    }
    return text + "\nRange constraints: {" + ranges_text + "}\n";
}

}  // namespace exportgate::archive
