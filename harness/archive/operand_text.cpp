#include "archive/operand_text.h"

#include <fmt/format.h>

#include "archive/enumerators.h"
#include "archive/python_text.h"
#include "archive/sympy_text.h"

namespace exportgate::archive {
namespace {

using Items = std::vector<Place>;

std::string device_text(const Place& device) {
    const std::string type = python_string(device.at("type").text());
    const auto index = device.find("index");
    return index ? fmt::format("device(type={}, index={})", type, index->integer())
                 : fmt::format("device(type={})", type);
}

std::string enumerator_text(const Place& place, std::string_view name) {
    if (name.empty()) place.note(fmt::format("the unknown number {}", place.integer()));
    return fmt::format("torch.{}", name);
}

std::string dtype_text(const Place& number) {
    const Dtype* dtype = dtype_of_number(number.integer());
    return enumerator_text(number, dtype == nullptr ? std::string_view() : dtype->name);
}

/// A value by its name, or a literal: `SymIntArgument` and the like.
std::string symbolic_text(const Place& argument) {
    const auto [kind, value] = argument.tagged();
    if (kind == "as_name") return value_name(value);
    if (kind == "as_int") return fmt::format("{}", value.integer());
    if (kind == "as_float") return python_float(value.number());
    if (kind == "as_bool") return value.boolean() ? "True" : "False";
    argument.note(fmt::format("the unknown kind {}", kind));
    return "None";
}

std::string tensor_text(const Place& tensor) {
    return value_name(tensor.at("name"));
}

std::string optional_tensor_text(const Place& argument) {
    const auto [kind, value] = argument.tagged();
    if (kind == "as_none") return "None";
    if (kind != "as_tensor") argument.note(fmt::format("the unknown kind {}", kind));
    return tensor_text(value);
}

std::string complex_text(const Place& value) {
    const std::string imaginary = python_float(value.at("imag").number());
    return fmt::format("({}{}{}j)", python_float(value.at("real").number()),
                       imaginary.front() == '-' ? "" : "+", imaginary);
}

template <class Write>
std::string list_text(const Place& list, const Write& write) {
    std::string text = "[";
    for (const Place& item : list.items())
        text += (text.size() > 1 ? ", " : "") + write(item);
    return text + "]";
}

std::string integer_text(const Place& place) {
    return fmt::format("{}", place.integer());
}

std::string float_text(const Place& place) {
    return python_float(place.number());
}

std::string boolean_text(const Place& place) {
    return place.boolean() ? "True" : "False";
}

std::string string_text(const Place& place) {
    return python_string(place.text());
}

std::string dotted_text(const Place& place) {
    const std::string name = place.text();
    if (!is_dotted_name(name)) place.note(fmt::format("no name of an operator: {}", name));
    return name;
}

/// An object that is an input has the input's name; another one is an attribute of the program.
std::string object_text(const Place& object) {
    return value_name(object.at("name"));
}

template <class Write>
auto lists_of(const Write& write) {
    return [&write](const Place& inner) { return list_text(inner, write); };
}

}  // namespace

std::string value_name(const Place& name) {
    std::string text = name.text();
    if (!is_identifier(text)) name.note(fmt::format("no name of a value: {}", text));
    return text;
}

std::string size_of_document(const Place& size) {
    const auto [kind, value] = size.tagged();
    if (kind == "as_int") return integer_text(value);
    if (kind == "as_float") return float_text(value);
    if (kind == "as_bool") return boolean_text(value);
    if (kind != "as_expr") {
        size.note(fmt::format("the unknown kind of size {}", kind));
        return "0";
    }
    const Place expression = value.at("expr_str");
    const auto text = size_text(expression.text());
    if (!text) expression.note(fmt::format("a size that is not understood: {}", expression.text()));
    return text.value_or("0");
}

std::string operand_text(const Place& argument,
                         const std::function<std::string(const Place&)>& graph) {
    const auto [kind, value] = argument.tagged();
    if (kind == "as_none") return "None";
    if (kind == "as_tensor") return tensor_text(value);
    if (kind == "as_tensors") return list_text(value, tensor_text);
    if (kind == "as_int") return integer_text(value);
    if (kind == "as_ints") return list_text(value, integer_text);
    if (kind == "as_float") return float_text(value);
    if (kind == "as_floats") return list_text(value, float_text);
    if (kind == "as_string") return string_text(value);
    if (kind == "as_strings") return list_text(value, string_text);
    if (kind == "as_sym_int" || kind == "as_sym_float" || kind == "as_sym_bool")
        return symbolic_text(value);
    if (kind == "as_sym_ints" || kind == "as_sym_floats" || kind == "as_sym_bools")
        return list_text(value, symbolic_text);
    if (kind == "as_scalar_type") return dtype_text(value);
    if (kind == "as_memory_format")
        return enumerator_text(value, memory_format_of_number(value.integer()));
    if (kind == "as_layout") return enumerator_text(value, layout_of_number(value.integer()));
    if (kind == "as_device") return device_text(value);
    if (kind == "as_bool") return boolean_text(value);
    if (kind == "as_bools") return list_text(value, boolean_text);
    if (kind == "as_graph") return graph(value);
    if (kind == "as_optional_tensors") return list_text(value, optional_tensor_text);
    if (kind == "as_optional_tensor") return optional_tensor_text(value);
    if (kind == "as_custom_obj") return object_text(value);
    if (kind == "as_operator") return dotted_text(value);
    if (kind == "as_complex") return complex_text(value);
    if (kind == "as_nested_tensors") return list_text(value, lists_of(tensor_text));
    if (kind == "as_int_lists") return list_text(value, lists_of(integer_text));
    if (kind == "as_float_lists") return list_text(value, lists_of(float_text));
    if (kind == "as_string_to_argument") {
        std::string text = "{";
        for (const auto& [key, member] : value.members()) {
            text += text.size() > 1 ? ", " : "";
            text += python_string(key) + ": " + operand_text(member, graph);
        }
        return text + "}";
    }
    argument.note(fmt::format("the unknown kind of argument {}", kind));
    return "None";
}

}  // namespace exportgate::archive
