#include "graph/legend.h"

#include <algorithm>
#include <charconv>

#include "graph/concat.h"

namespace exportgate::graph {
namespace {

using SymbolPlaces =
    std::vector<std::uint32_t>;  // by SymbolId: its place among the used ones; none for others

SymbolPlaces places_of(const Program& program, const Evaluation& evaluation) {
    SymbolPlaces places(program.expressions.symbol_count(), none);
    for (std::size_t i = 0; i < evaluation.symbols.size(); ++i) {
        places[evaluation.symbols[i]] = static_cast<std::uint32_t>(i);
    }
    return places;
}

/// The names of requested dims, by the symbol that these dims are; in the order of the inputs, each
/// once.
std::vector<std::vector<std::string>> requested_names(const Canonical& canonical,
                                                      const std::vector<RequestedDim>& requested) {
    std::vector<const Input*> user_inputs;
    for (const Input& input : canonical.inputs) {
        if (input.kind == "USER_INPUT") user_inputs.push_back(&input);
    }
    std::vector<std::vector<std::string>> names(canonical.symbols.size());
    for (const RequestedDim& dim : requested) {
        if (dim.user_input >= user_inputs.size() ||
            dim.dim >= user_inputs[dim.user_input]->shape.size())
            continue;
        const std::string& extent = user_inputs[dim.user_input]->shape[dim.dim];
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (canonical.symbols[i].name == extent &&
                std::ranges::find(names[i], dim.name) == names[i].end()) {
                names[i].push_back(dim.name);
            }
        }
    }
    return names;
}

std::string scaled_bound(const std::string& bound, const Expressions::Linear& linear) {
    std::int64_t value = 0;
    const char* end = bound.data() + bound.size();
    const auto [stop, failure] = std::from_chars(bound.data(), end, value);
    std::int64_t product = 0;
    std::int64_t sum = 0;
    if (failure != std::errc{} || stop != end ||
        __builtin_mul_overflow(value, linear.factor, &product) ||
        __builtin_add_overflow(product, linear.offset, &sum)) {
        return bound;  // int_oo
    }
    return std::to_string(sum);
}

/// Torch also prints the range of "s17 + 1", which says nothing that the range of s17 does not.
bool follows_from_symbol(const RangeConstraint& range, const Expressions& expressions,
                         const SymbolPlaces& places, const std::vector<Symbol>& symbols) {
    const auto linear = expressions.linear_of(range.expression);
    if (!linear || linear->factor <= 0 || places[linear->symbol] == none) return false;
    const Symbol& symbol = symbols[places[linear->symbol]];
    return !symbol.lower.empty() && scaled_bound(symbol.lower, *linear) == range.lower &&
           scaled_bound(symbol.upper, *linear) == range.upper;
}

bool uses_known_symbols(ExpressionId expression, Expressions& expressions,
                        const SymbolPlaces& places) {
    std::vector<SymbolId> symbols;
    expressions.collect_symbols(expression, symbols);
    return std::ranges::all_of(symbols, [&](SymbolId symbol) { return places[symbol] != none; });
}

}  // namespace

std::vector<Input> inputs_of(Program& program) {
    std::vector<Input> inputs;
    const Graph& graph = program.graphs[0];
    for (std::size_t i = 0; i < graph.placeholders.size(); ++i) {
        const Value& value = program.values[graph.placeholders[i]];
        Input input;
        input.name = value.name;
        input.kind = program.inputs[i].kind;
        input.target = program.inputs[i].target;
        input.is_constant = value.annotation.kind == Annotation::Kind::absent;
        if (value.annotation.kind == Annotation::Kind::tensor) {
            input.dtype = value.annotation.dtype;
            input.subclass = value.annotation.subclass;
            if (!value.annotation.placement.empty())
                input.subclass += concat({", ", value.annotation.placement});
            for (std::uint32_t d = 0; d < value.annotation.count; ++d) {
                input.shape.push_back(
                    program.expressions.text(program.dims[value.annotation.first + d]));
            }
        }
        inputs.push_back(std::move(input));
    }
    return inputs;
}

std::vector<Symbol> symbols_of(Program& program, const Evaluation& evaluation) {
    std::vector<Symbol> symbols;
    for (const SymbolId id : evaluation.symbols) {
        const std::string_view printed = program.expressions.printed_symbol(id);
        const std::string& name = program.expressions.text(program.expressions.symbol(printed));
        symbols.push_back({name, std::string(printed), {}, {}});
    }
    const SymbolPlaces places = places_of(program, evaluation);
    for (const RangeConstraint& range : program.ranges) {
        if (!program.expressions.is_symbol(range.expression)) continue;
        const std::uint32_t place = places[program.expressions.symbol_of(range.expression)];
        if (place == none || evaluation.only_in_messages[place]) continue;
        symbols[place].lower = range.lower;
        symbols[place].upper = range.upper;
    }
    return symbols;
}

std::string symbols_legend(Program& program, const Evaluation& evaluation,
                           const Canonical& canonical, const std::vector<RequestedDim>& requested) {
    if (canonical.symbols.empty()) return {};
    std::string legend = "\nsymbols\n";
    const auto names = requested_names(canonical, requested);
    for (std::size_t i = 0; i < canonical.symbols.size(); ++i) {
        const Symbol& symbol = canonical.symbols[i];
        legend += concat({"  ", symbol.name});
        for (const std::string& name : names[i])
            legend += concat({"  \"", name, "\""});
        legend += symbol.lower.empty() ? std::string("  no range")
                                       : concat({"  ", symbol.lower, "..", symbol.upper});
        legend += '\n';
    }
    const SymbolPlaces places = places_of(program, evaluation);
    std::vector<std::string> lines;
    for (const RangeConstraint& range : program.ranges) {
        if (program.expressions.is_symbol(range.expression) ||
            !uses_known_symbols(range.expression, program.expressions, places) ||
            follows_from_symbol(range, program.expressions, places, canonical.symbols)) {
            continue;
        }
        lines.push_back(concat({"  ", program.expressions.text(range.expression), "  ", range.lower,
                                "..", range.upper, "\n"}));
    }
    std::ranges::sort(lines, comes_before);
    for (const std::string& line : lines)
        legend += line;
    return legend;
}

}  // namespace exportgate::graph
