#include "graph/symbol_use.h"

#include <algorithm>

#include "graph/concat.h"

namespace exportgate::graph {
namespace {

/// u: an integer that only a run gives; zf and zuf: the same for floats. Everything else is a size.
std::string_view family(std::string_view printed) {
    std::size_t letters = 0;
    while (letters < printed.size() && printed[letters] >= 'a' && printed[letters] <= 'z')
        ++letters;
    const std::string_view word = printed.substr(0, letters);
    const std::string_view rest = printed.substr(letters);
    const bool numbered =
        !rest.empty() && rest.find_first_not_of("0123456789") == std::string_view::npos;
    return numbered && (word == "u" || word == "zf" || word == "zuf") ? word
                                                                      : std::string_view("s");
}

}  // namespace

bool SymbolUse::first_time(ExpressionId expression, std::vector<bool>& met) const {
    if (met.size() <= expression) met.resize(program_.expressions.size(), false);
    if (met[expression]) return false;
    met[expression] = true;
    return true;
}

void SymbolUse::see(ValueId value, bool is_input) {
    const Annotation& annotation = program_.values[value].annotation;
    for (std::uint32_t i = 0; i < annotation.count; ++i) {
        const ExpressionId dim = program_.dims[annotation.first + i];
        if (program_.expressions.is_symbol(dim)) {
            see(program_.expressions.symbol_of(dim), value, is_input, true);
        } else if (!program_.expressions.integer_of(dim) && first_time(dim, seen_expressions_)) {
            scratch_.clear();
            program_.expressions.collect_symbols(dim, scratch_);
            for (const SymbolId symbol : scratch_)
                see(symbol, value, is_input, false);
        }
    }
}

void SymbolUse::see(SymbolId symbol, ValueId value, bool is_input, bool alone) {
    if (seen_.size() <= symbol) {
        first_seen_at_.resize(symbol + 1, none);
        seen_.resize(symbol + 1, false);
        alone_.resize(symbol + 1, false);
    }
    if (!seen_[symbol]) {
        seen_[symbol] = true;
        if (!is_input) first_seen_at_[symbol] = value;
    }
    if (alone && !alone_[symbol]) {
        alone_[symbol] = true;
        seen_alone_.push_back(symbol);
    }
}

void SymbolUse::use(const Annotation& annotation) {
    for (std::uint32_t i = 0; i < annotation.count; ++i)
        use(program_.dims[annotation.first + i]);
}

void SymbolUse::use(ExpressionId expression) {
    if (program_.expressions.integer_of(expression)) return;
    if (!first_time(expression, used_expressions_)) return;
    scratch_.clear();
    program_.expressions.collect_symbols(expression, scratch_);
    std::ranges::sort(scratch_, [&](SymbolId a, SymbolId b) {
        return comes_before(program_.expressions.printed_symbol(a),
                            program_.expressions.printed_symbol(b));
    });
    for (const SymbolId symbol : scratch_) {
        if (used_.size() <= symbol) used_.resize(symbol + 1, false);
        if (!used_[symbol]) used_in_order_.push_back(symbol);
        used_[symbol] = true;
    }
}

void SymbolUse::name(Evaluation& evaluation) {
    const std::size_t count = program_.expressions.symbol_count();
    used_.resize(count, false);
    std::vector<std::string> names(count);
    std::unordered_map<std::string_view, std::size_t> next;
    const auto name_one = [&](SymbolId symbol) {
        if (!used_[symbol] || !names[symbol].empty()) return;
        const std::string_view prefix = family(program_.expressions.printed_symbol(symbol));
        names[symbol] = concat({prefix, std::to_string(next[prefix]++)});
        evaluation.symbols.push_back(symbol);
        const ValueId value = first_seen_at(symbol);
        if (value != none) evaluation.definitions[value].push_back(symbol);
    };
    for (const SymbolId symbol : seen_alone_)
        name_one(symbol);
    for (const SymbolId symbol : used_in_order_)
        name_one(symbol);
    program_.expressions.name_symbols(std::move(names));
}

}  // namespace exportgate::graph
