#include "graph/operator_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace exportgate::graph {

std::string_view operator_named(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 34> names = {{
        {"Eq", "=="},
        {"Ne", "!="},
        {"FloorDiv", "//"},
        {"CleanDiv", "//"},
        {"Mod", "%"},
        {"PythonMod", "%"},
        {"And", "&"},
        {"Or", "|"},
        {"Pow", "**"},
        {"PowByNatural", "**"},
        {"IntTrueDiv", "/"},
        {"FloatTrueDiv", "/"},
        {"FloatPow", "**"},
        {"LShift", "<<"},
        {"RShift", ">>"},
        {"BitwiseFn_bitwise_and", "&"},
        {"BitwiseFn_bitwise_or", "|"},
        {"BitwiseFn_bitwise_xor", "^"},
        {"torch.sym_max", "Max"},
        {"torch.sym_min", "Min"},
        {"torch.sym_float", "ToFloat"},
        {"torch.sym_int", "TruncToInt"},
        {"math.trunc", "TruncToInt"},
        {"math.ceil", "CeilToInt"},
        {"math.floor", "FloorToInt"},
        {"torch._sym_sqrt", "OpaqueUnaryFn_sqrt"},
        {"math.sqrt", "OpaqueUnaryFn_sqrt"},
        {"torch.sym_sqrt", "OpaqueUnaryFn_sqrt"},
        {"torch.sym_ite", "Where"},
        {"round", "RoundToInt"},
        {"math_trunc", "TruncToInt"},
        {"math_ceil", "CeilToInt"},
        {"math_floor", "FloorToInt"},
        {"math_sqrt", "OpaqueUnaryFn_sqrt"},
    }};
    for (const auto& [spelling, op] : names) {
        if (spelling == name) return op;
    }
    return name;
}

bool is_scalar_function(std::string_view name) {
    static constexpr std::array<std::string_view, 18> functions = {
        "torch.sym_max", "torch.sym_min", "torch.sym_not",   "torch.sym_float", "torch.sym_int",
        "torch.sym_sum", "torch.sym_ite", "torch._sym_sqrt", "torch.sym_sqrt",  "math.trunc",
        "math.ceil",     "math.floor",    "math.sqrt",       "round",           "math_trunc",
        "math_ceil",     "math_floor",    "math_sqrt"};
    return std::find(functions.begin(), functions.end(), name) != functions.end();
}

std::string_view operator_function(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> operators = {
        {{"add", "+"},
         {"sub", "-"},
         {"mul", "*"},
         {"floordiv", "//"},
         {"truediv", "/"},
         {"mod", "%"},
         {"pow", "**"},
         {"eq", "=="},
         {"ne", "!="},
         {"lt", "<"},
         {"le", "<="},
         {"gt", ">"},
         {"ge", ">="}}};
    for (const std::string_view prefix :
         {std::string_view("operator."), std::string_view("_operator.")}) {
        if (!name.starts_with(prefix)) continue;
        for (const auto& [function, op] : operators) {
            if (name.substr(prefix.size()) == function) return op;
        }
    }
    return {};
}

}  // namespace exportgate::graph
