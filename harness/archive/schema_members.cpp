#include "archive/schema_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"

namespace exportgate::archive {
namespace {

using nlohmann::json;

/// The kinds of an argument, "*" below.
constexpr const char* arguments =
    "as_bool as_bools as_complex as_custom_obj as_device as_float as_float_lists "
    "as_floats as_graph as_int as_int_lists as_ints as_layout as_memory_format "
    "as_nested_tensors as_none as_operator as_optional_tensor as_optional_tensors "
    "as_scalar_type as_string as_string_to_argument as_strings as_sym_bool as_sym_bools "
    "as_sym_float as_sym_floats as_sym_int as_sym_ints as_tensor as_tensors";

struct Known {
    std::string_view key;  // of the member that holds the object, a list of them or a map to them
    std::string_view members;  // names, with a space between two
};

/// Of torch/_export/serde/schema.py in 2.6 to 2.15, all releases together. The document itself has
/// no key.
constexpr std::array<Known, 59> schema = {{
    {"",
     "graph_module guards_code opset_version range_constraints schema_version "
     "torch_version verifiers"},
    {"arg", "class_fqn name *"},
    {"as_complex", "imag real"},
    {"as_custom_obj", "class_fqn name"},
    {"as_device", "index type"},
    {"as_expr", "expr_str hint"},
    {"as_graph", "graph name"},
    {"as_nested_tensors", "name"},
    {"as_optional_tensor", "as_none as_tensor"},
    {"as_optional_tensors", "as_none as_tensor"},
    {"as_string_to_argument", "*"},
    {"as_sym_bool", "as_bool as_name"},
    {"as_sym_bools", "as_bool as_name"},
    {"as_sym_float", "as_float as_name"},
    {"as_sym_floats", "as_float as_name"},
    {"as_sym_int", "as_int as_name"},
    {"as_sym_ints", "as_int as_name"},
    {"as_tensor", "name"},
    {"as_tensors", "name"},
    {"buffer", "arg buffer_name persistent"},
    {"buffer_mutation", "arg buffer_name"},
    {"config", "is_param path_name tensor_meta use_pickle"},
    {"constant_input", "name value"},
    {"custom_obj", "arg custom_obj_name"},
    {"custom_obj_values", "class_fqn name"},
    {"device", "index type"},
    {"gradient_to_parameter", "arg parameter_name"},
    {"gradient_to_user_input", "arg user_input_name"},
    {"graph",
     "custom_obj_values inputs is_single_tensor_return nodes outputs sym_bool_values "
     "sym_float_values sym_int_values tensor_values"},
    {"graph_module", "graph metadata module_call_graph signature treespec_namedtuple_fields"},
    {"hint", "as_bool as_float as_int"},
    {"input_specs", "buffer constant_input custom_obj parameter tensor_constant token user_input"},
    {"inputs", "arg kind name *"},
    {"list of tensors", "config"},
    {"loss_output", "arg"},
    {"module_call_graph", "fqn signature"},
    {"nodes", "inputs is_hop_single_tensor_return metadata name outputs target"},
    {"output_specs",
     "buffer_mutation gradient_to_parameter gradient_to_user_input loss_output "
     "parameter_mutation token user_input_mutation user_output"},
    {"outputs", "*"},
    {"parameter", "arg parameter_name"},
    {"parameter_mutation", "arg parameter_name"},
    {"range_constraints", "max_val min_val"},
    {"schema_version", "major minor"},
    {"signature", "forward_arg_names in_spec input_specs inputs out_spec output_specs outputs"},
    {"sizes", "as_expr as_int"},
    {"storage_offset", "as_expr as_int"},
    {"strides", "as_expr as_int"},
    {"sym_bool_values", "as_bool as_expr"},
    {"sym_float_values", "as_expr as_float"},
    {"sym_int_values", "as_expr as_int"},
    {"tensor_constant", "arg tensor_constant_name"},
    {"tensor_meta", "device dtype layout requires_grad sizes storage_offset strides"},
    {"tensor_values", "device dtype layout requires_grad sizes storage_offset strides"},
    {"token", "arg"},
    {"treespec_namedtuple_fields", "field_names"},
    {"user_input", "arg"},
    {"user_input_mutation", "arg user_input_name"},
    {"user_output", "arg"},
    {"value", "as_bool as_float as_int as_none as_string"},
}};

/// Their members have the names of something: each is an object of the kind of the key.
constexpr std::array<std::string_view, 9> maps = {
    "as_string_to_argument", "config",          "custom_obj_values",
    "range_constraints",     "sym_bool_values", "sym_float_values",
    "sym_int_values",        "tensor_values",   "treespec_namedtuple_fields"};

/// Texts and numbers that somebody named.
constexpr std::array<std::string_view, 2> free_form = {"metadata", "opset_version"};

bool is_in(const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void add_names(const char* members, std::set<std::string>& names) {
    for (const std::string_view name : split(members, ' ')) {
        if (name == "*")
            add_names(arguments, names);
        else if (!name.empty())
            names.emplace(name);
    }
}

const std::map<std::string, std::set<std::string>>& known_members() {
    static const auto known = [] {
        std::map<std::string, std::set<std::string>> all;
        for (const auto& [key, members] : schema)
            add_names(std::string(members).c_str(), all[std::string(key)]);
        return all;
    }();
    return known;
}

void look_into(const json& value, const std::string& key, UnknownMembers& unknown);

void look_at_members(const json& object, const std::string& key, UnknownMembers& unknown) {
    const auto known = known_members().find(key);
    for (const auto& [name, value] : object.items()) {
        if (known == known_members().end() || !known->second.contains(name))
            unknown[key.empty() ? name : key + "." + name].push_back(value);
        else
            look_into(value, name, unknown);
    }
}

void look_into(const json& value, const std::string& key, UnknownMembers& unknown) {
    if (is_in(free_form, key)) return;
    if (value.is_array()) {
        for (const json& item : value)
            look_into(item, key, unknown);
    } else if (value.is_object() && is_in(maps, key)) {
        for (const json& item : value) {
            if (item.is_object())
                look_at_members(item, key, unknown);
            else
                unknown[key].push_back(item);
        }
    } else if (value.is_object()) {
        look_at_members(value, key, unknown);
    }
}

}  // namespace

UnknownMembers unknown_members(const json& document) {
    UnknownMembers unknown;
    look_into(document, "", unknown);
    return unknown;
}

UnknownMembers unknown_members_of_list(const json& list) {
    UnknownMembers unknown;
    look_at_members(list, "list of tensors", unknown);
    return unknown;
}

}  // namespace exportgate::archive
