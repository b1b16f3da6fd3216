#include "graph/expression.h"

#include <algorithm>
#include <array>

#include "graph/operator_names.h"

namespace exportgate::graph {
namespace {

bool is_float_symbol(std::string_view printed) {
    // torch names backed and unbacked floats zf0 and zuf0.
    return printed.starts_with("zuf") || printed.starts_with("zf");
}

bool is_comparison(std::string_view op) {
    return op == "==" || op == "!=" || op == "<" || op == "<=" || op == ">" || op == ">=";
}

bool is_commutative(std::string_view op) {
    static constexpr std::array<std::string_view, 7> commutative = {"==", "!=",  "&",  "|",
                                                                    "^",  "Max", "Min"};
    return std::find(commutative.begin(), commutative.end(), op) != commutative.end();
}

bool gives_float(std::string_view name) {
    static constexpr std::array<std::string_view, 7> floats = {
        "/", "ToFloat", "IntTrueDiv", "FloatTrueDiv", "FloatPow", "sqrt", "nan"};
    return name.starts_with("OpaqueUnaryFn_") ||
           std::find(floats.begin(), floats.end(), name) != floats.end();
}

bool gives_integer_or_truth(std::string_view name) {
    return is_comparison(name) || name == "TruncToInt" || name == "CeilToInt" ||
           name == "FloorToInt" || name == "RoundToInt" || name == "&" || name == "|" ||
           name == "~";
}

void mix(std::uint64_t& hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
    hash ^= hash >> 29;
}

}  // namespace

Expressions::Expressions() : small_integers_(256, unknown) {
    one_ = integer(1);
}

ExpressionId Expressions::intern(Kind kind, bool is_float, std::int64_t integer,
                                 std::string_view name, std::span<const Part> parts,
                                 std::uint32_t number) {
    spend(1 + parts.size());
    if (excess_ != nullptr) return one_;
    std::uint64_t hash = static_cast<std::uint64_t>(kind);
    mix(hash, static_cast<std::uint64_t>(integer));
    mix(hash, number);
    for (const char c : name)
        mix(hash, static_cast<unsigned char>(c));
    for (const Part& part : parts) {
        mix(hash, static_cast<std::uint64_t>(part.count));
        mix(hash, part.id);
    }
    if (2 * (nodes_.size() + 1) > slots_.size()) grow();
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].id != unknown; at = (at + 1) & (slots_.size() - 1)) {
        const Node& node = nodes_[slots_[at].id];
        if (slots_[at].hash == hash && node.kind == kind && node.integer == integer &&
            node.name == name && node.count == parts.size() &&
            (node.count > 0 || node.first == number) && std::ranges::equal(parts_of(node), parts)) {
            return slots_[at].id;
        }
    }
    const auto id = static_cast<ExpressionId>(nodes_.size());
    const auto first = parts.empty() ? number : static_cast<std::uint32_t>(parts_.size());
    parts_.insert(parts_.end(), parts.begin(), parts.end());
    nodes_.push_back(
        {kind, is_float, first, static_cast<std::uint32_t>(parts.size()), integer, name, 1, 1});
    measure(nodes_.back());
    slots_[at] = {hash, id};
    return id;
}

void Expressions::spend(std::size_t work) {
    if (work > work_left_) exceed("more work on sizes than a print of this length may cost");
    work_left_ -= std::min(work, work_left_);
}

void Expressions::exceed(const char* what) {
    if (excess_ == nullptr) excess_ = what;
}

void Expressions::measure(Node& node) {
    static_assert(most_parts == 50'000 && most_nested_operations == 300);
    std::uint64_t weight = 1;
    for (const Part& part : parts_of(node)) {
        weight += nodes_[part.id].weight;
        node.height = std::max(node.height, 1 + nodes_[part.id].height);
    }
    if (weight > most_parts) exceed("an expression of more than 50000 parts");
    if (node.height > most_nested_operations)
        exceed("an expression of more than 300 nested operations");
    node.weight = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, most_parts + 1));
}

void Expressions::grow() {
    const std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : 2 * old.size(), Slot{});
    for (const Slot& slot : old) {
        if (slot.id == unknown) continue;
        std::size_t at = slot.hash & (slots_.size() - 1);
        while (slots_[at].id != unknown)
            at = (at + 1) & (slots_.size() - 1);
        slots_[at] = slot;
    }
}

ExpressionId Expressions::integer(std::int64_t value) {
    if (value < 0 || value >= static_cast<std::int64_t>(small_integers_.size())) {
        return intern(Kind::integer, false, value, {}, {});
    }
    ExpressionId& id = small_integers_[static_cast<std::size_t>(value)];
    if (id == unknown) id = intern(Kind::integer, false, value, {}, {});
    return id;
}

ExpressionId Expressions::literal(std::string_view text) {
    return intern(Kind::literal, true, 0, text, {});
}

ExpressionId Expressions::boolean(bool value) {
    return intern(Kind::boolean, false, value ? 1 : 0, {}, {});
}

ExpressionId Expressions::symbol(std::string_view printed) {
    if (const auto known = symbol_table_.find(printed)) return symbol_expressions_[*known];
    const auto number = static_cast<SymbolId>(symbols_.size());
    symbol_table_.insert(printed, number);
    symbols_.push_back(printed);
    symbol_expressions_.push_back(
        intern(Kind::symbol, is_float_symbol(printed), 0, printed, {}, number));
    return symbol_expressions_.back();
}

ExpressionId Expressions::value(std::uint32_t value, bool is_float) {
    has_values_ = true;
    return intern(Kind::value, is_float, is_float ? 1 : 0, {}, {}, value);
}

std::optional<std::int64_t> Expressions::integer_of(ExpressionId id) const {
    if (nodes_[id].kind != Kind::integer) return std::nullopt;
    return nodes_[id].integer;
}

ExpressionId Expressions::binary(std::string_view op, ExpressionId a, ExpressionId b) {
    if (op == "+") return add(a, b);
    if (op == "-") return subtract(a, b);
    if (op == "*") return multiply(a, b);
    if (op == "//") return floor_divide(a, b);
    if (op == "%") return modulo(a, b);
    if (op == "**") return power(a, b);
    return function(op, std::array{a, b});
}

ExpressionId Expressions::logical_not(ExpressionId a) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> opposites = {
        {{"==", "!="}, {"!=", "=="}, {"<", ">="}, {">=", "<"}, {">", "<="}, {"<=", ">"}}};
    const Node node = nodes_[a];
    if (node.kind == Kind::boolean) return boolean(node.integer == 0);
    if (node.kind == Kind::function && node.count == 2) {
        const ExpressionId left = parts_[node.first].id;
        const ExpressionId right = parts_[node.first + 1].id;
        // not (a < b) is b <= a only where neither can be nan.
        const bool ordered = !nodes_[left].is_float && !nodes_[right].is_float;
        for (const auto& [op, opposite] : opposites) {
            if (node.name == op && ordered) return function(opposite, std::array{left, right});
        }
    }
    return function("~", std::array{a});
}

ExpressionId Expressions::call(std::string_view name, std::span<const ExpressionId> arguments) {
    const std::string_view op = operator_named(name);
    if ((name == "Not" || name == "torch.sym_not") && arguments.size() == 1)
        return logical_not(arguments[0]);
    if (name == "torch.sym_sum" || name == "Add") {
        std::vector<Term> terms{{integer(0)}};
        for (const ExpressionId argument : arguments)
            terms.push_back({argument});
        return sum(terms);
    }
    if (op == "Max" || op == "Min" || op == "&" || op == "|") {
        // Nested and repeated operands mean nothing: Max(Max(a, b), b) is Max(a, b).
        std::vector<ExpressionId> flat;
        for (const ExpressionId argument : arguments) {
            const Node& node = nodes_[argument];
            if (node.kind == Kind::function && node.name == op) {
                for (const Part& part : parts_of(node))
                    flat.push_back(part.id);
            } else {
                flat.push_back(argument);
            }
        }
        std::ranges::sort(flat);
        // (std::ranges::unique does not compile with clang 14 and g++ 12's library.)
        flat.erase(std::unique(flat.begin(), flat.end()), flat.end());
        return flat.size() == 1 ? flat[0] : function(op, flat);
    }
    if (arguments.size() == 2 && op != name) return binary(op, arguments[0], arguments[1]);
    return function(op, arguments);
}

bool Expressions::any_order(const Node& node) {
    return node.kind == Kind::sum || node.kind == Kind::product ||
           (node.kind == Kind::function && is_commutative(node.name));
}

ExpressionId Expressions::function(std::string_view name, std::span<const ExpressionId> arguments) {
    bool is_float = gives_float(name);
    std::vector<Part> parts;
    parts.reserve(arguments.size());
    for (const ExpressionId argument : arguments) {
        parts.push_back({0, argument});
        is_float = is_float || nodes_[argument].is_float;
    }
    if (gives_integer_or_truth(name)) is_float = false;
    if (is_commutative(name)) {
        std::ranges::sort(parts, {}, &Part::id);
    }
    return intern(Kind::function, is_float, 0, name, parts);
}

std::optional<Expressions::Linear> Expressions::linear_of(ExpressionId id) const {
    std::optional<Linear> linear;
    std::int64_t offset = 0;
    for (const Part& term : terms_of(id)) {
        if (term.id == one_) {
            offset = term.count;
        } else if (!linear && is_symbol(term.id)) {
            linear = Linear{symbol_of(term.id), term.count, 0};
        } else {
            return std::nullopt;
        }
    }
    if (linear) linear->offset = offset;
    return linear;
}

void Expressions::collect_symbols(ExpressionId id, std::vector<SymbolId>& symbols) {
    const Node& node = nodes_[id];
    if (node.kind == Kind::symbol) symbols.push_back(node.first);
    if (node.count == 0 || excess_ != nullptr) return;
    spend(node.count);
    for (const Part& part : parts_of(node))
        collect_symbols(part.id, symbols);
}

void Expressions::collect_leaves(ExpressionId id, std::vector<SymbolId>& symbols,
                                 std::vector<std::uint32_t>& values) {
    const Node& node = nodes_[id];
    if (node.kind == Kind::symbol) symbols.push_back(node.first);
    if (node.kind == Kind::value) values.push_back(node.first);
    if (node.count == 0 || excess_ != nullptr) return;
    spend(node.count);
    for (const Part& part : parts_of(node))
        collect_leaves(part.id, symbols, values);
}

}  // namespace exportgate::graph
