#include "graph/symbol_use.h"

#include <algorithm>

#include "graph/concat.h"

namespace exportgate::graph {
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

bool SymbolUse::first_time(ExpressionId expression, std::vector<bool>& met) const {
    if (met.size() <= expression) met.resize(program_.expressions.size(), false);
    if (met[expression]) return false;
    met[expression] = true;
    return true;
}

void SymbolUse::see(ValueId value, bool is_input) {
    const Annotation& annotation = program_.values[value].annotation;
    ++values_seen_;
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
        seen_order_.resize(symbol + 1, 0);
    }
    if (!seen_[symbol]) {
        seen_order_[symbol] = values_seen_;
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
    expressions_in_order_.push_back(expression);
    first_of_expression_.push_back(static_cast<std::uint32_t>(used_in_order_.size()));
    for (const SymbolId symbol : scratch_) {
        if (used_.size() <= symbol) used_.resize(symbol + 1, false);
        if (!used_[symbol]) used_in_order_.push_back(symbol);
        used_[symbol] = true;
    }
}

/// Ranges of expressions, which the text has in no order. That of "s17 + 1" follows from the range
/// of s17, and torch prints it in some releases only.
std::vector<Expressions::Root> SymbolUse::written_ranges() const {
    std::vector<Expressions::Root> roots;
    for (const RangeConstraint& range : program_.ranges) {
        if (program_.expressions.linear_of(range.expression)) continue;
        std::vector<SymbolId> symbols;
        program_.expressions.collect_symbols(range.expression, symbols);
        const bool written =
            std::ranges::all_of(symbols, [&](SymbolId symbol) { return used_[symbol]; });
        if (written) roots.push_back({range.expression, mixed(mixed(7, range.lower), range.upper)});
    }
    return roots;
}

/// `names`: of the symbols that have theirs.
SymbolOrder SymbolUse::order_of(const Evaluation& evaluation,
                                const std::vector<std::string>& names) {
    std::vector<std::uint64_t> colours(names.size(), 0);
    std::vector<bool> settled(names.size(), false);
    std::vector<std::uint32_t> places;  // of the values that bring symbols
    for (SymbolId symbol = 0; symbol < names.size(); ++symbol) {
        // An unused symbol is in no expression of the text.
        settled[symbol] = !names[symbol].empty() || !used_[symbol];
        if (!settled[symbol] && first_seen_at(symbol) != none)
            places.push_back(seen_order_[symbol]);
    }
    std::ranges::sort(places);
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (SymbolId symbol = 0; symbol < names.size(); ++symbol) {
        colours[symbol] = mixed(1, family(program_.expressions.printed_symbol(symbol)));
        if (settled[symbol] || first_seen_at(symbol) == none) continue;
        const auto place = std::ranges::lower_bound(places, seen_order_[symbol]);
        colours[symbol] =
            mixed(colours[symbol], static_cast<std::uint64_t>(place - places.begin()));
    }
    for (const RangeConstraint& range : program_.ranges) {
        if (!program_.expressions.is_symbol(range.expression)) continue;
        const SymbolId symbol = program_.expressions.symbol_of(range.expression);
        if (!has_seen(symbol)) continue;  // in messages only
        std::uint64_t& colour = colours[symbol];
        colour = mixed(mixed(colour, range.lower), range.upper);
    }
    for (std::size_t i = 0; i < evaluation.symbols.size(); ++i)
        colours[evaluation.symbols[i]] = mixed(2, i);
    return SymbolOrder(program_.expressions, expressions_in_order_, written_ranges(),
                       std::move(colours), std::move(settled));
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
        evaluation.only_in_messages.push_back(!has_seen(symbol));
        const ValueId value = first_seen_at(symbol);
        if (value != none) evaluation.definitions[value].push_back(symbol);
    };
    for (const SymbolId symbol : seen_alone_)
        name_one(symbol);
    std::optional<SymbolOrder> order;
    for (std::size_t i = 0; i < expressions_in_order_.size(); ++i) {
        const std::size_t begin = first_of_expression_[i];
        const std::size_t end = i + 1 < first_of_expression_.size() ? first_of_expression_[i + 1]
                                                                    : used_in_order_.size();
        scratch_.clear();
        for (std::size_t at = begin; at < end; ++at) {
            if (names[used_in_order_[at]].empty()) scratch_.push_back(used_in_order_[at]);
        }
        if (scratch_.size() > 1) {
            if (!order) order.emplace(order_of(evaluation, names));
            order->sort(scratch_);
        }
        for (const SymbolId symbol : scratch_)
            name_one(symbol);
    }
    program_.expressions.name_symbols(std::move(names));
}

}  // namespace exportgate::graph
