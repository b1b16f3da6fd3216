// Integer (and float, and truth) expressions over the symbols of a program: dims of shapes, and
// what the integer values of the graph compute. Held in a normal form, so that equal ones have
// equal numbers whatever order torch printed them in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/name_table.h"

namespace exportgate::graph {

using ExpressionId = std::uint32_t;
using SymbolId = std::uint32_t;

/// A short print can hold expressions whose text would fill the memory: (s0 + s1)*(s0 + s1)*...
/// These bound one expression, as it would be written out, and all of them together.
inline constexpr std::uint32_t most_parts = 50'000;
inline constexpr std::uint32_t most_nested_operations = 300;
inline constexpr std::size_t least_work = 1'000'000;
inline constexpr std::size_t work_per_byte = 8;

/// Owns every expression of one program. Integer arithmetic is kept as a polynomial with sorted,
/// collected terms; operations on floats are kept as written (they do not associate); everything
/// else is a named function of expressions.
class Expressions {
  public:
    Expressions();

    /// The work that expressions may cost, for a print of so many bytes: parts that are put in
    /// order, symbols that are visited, four bytes of text.
    void bound_work(std::size_t print_size) {
        work_left_ = least_work + work_per_byte * print_size;
    }

    /// Why the expressions of this program are not all right: one is too large, or they cost too
    /// much work. From then on what the other functions return means nothing. Null: all is well.
    const char* excess() const {
        return excess_;
    }

    ExpressionId integer(std::int64_t value);
    /// A float, an integer beyond 64 bits, "inf", "oo": kept as its text, which must outlive this
    /// object.
    ExpressionId literal(std::string_view text);
    ExpressionId boolean(bool value);
    /// `printed` must outlive this object.
    ExpressionId symbol(std::string_view printed);
    /// A scalar that only a node of the graph knows; `value` is a number of the caller's.
    ExpressionId value(std::uint32_t value, bool is_float);

    ExpressionId add(ExpressionId a, ExpressionId b);
    ExpressionId subtract(ExpressionId a, ExpressionId b);
    /// What adding and subtracting the terms one after the other gives, in time that does not grow
    /// with the square of their number.
    struct Term {
        ExpressionId id;
        bool subtracted = false;
    };
    ExpressionId sum(std::span<const Term> terms);
    ExpressionId multiply(ExpressionId a, ExpressionId b);
    ExpressionId negate(ExpressionId a);
    /// The operators "+ - * / // % ** == != < <= > >= & | ^ << >> @" as Python has them.
    ExpressionId binary(std::string_view op, ExpressionId a, ExpressionId b);
    ExpressionId logical_not(ExpressionId a);
    /// A call such as "Max(a, b)". Names that sympy and torch give to the operators above become
    /// these operators. `name` must outlive this object.
    ExpressionId call(std::string_view name, std::span<const ExpressionId> arguments);

    bool has_values() const {
        return has_values_;
    }
    bool is_float(ExpressionId id) const {
        return nodes_[id].is_float;
    }
    bool is_symbol(ExpressionId id) const {
        return nodes_[id].kind == Kind::symbol;
    }
    SymbolId symbol_of(ExpressionId id) const {
        return nodes_[id].first;
    }
    std::optional<std::int64_t> integer_of(ExpressionId id) const;

    /// Where `id` is a*symbol + b: the symbol, a and b.
    struct Linear {
        SymbolId symbol;
        std::int64_t factor;
        std::int64_t offset;
    };
    std::optional<Linear> linear_of(ExpressionId id) const;

    /// Symbols of `id`, in no particular order, with repetitions.
    void collect_symbols(ExpressionId id, std::vector<SymbolId>& symbols);

    /// The same, and the values.
    void collect_leaves(ExpressionId id, std::vector<SymbolId>& symbols,
                        std::vector<std::uint32_t>& values);

    /// The numbers that the canonical text gives to values, by the caller's numbers. Must be called
    /// before text(). recolour() goes by them, and until then takes all values for one.
    void set_values(std::vector<std::uint32_t> numbers) {
        value_numbers_ = std::move(numbers);
    }

    /// An expression with what is known of it from elsewhere, such as its place in the text.
    struct Root {
        ExpressionId id;
        std::uint64_t colour;
    };
    /// Memory of recolour(), for the next call.
    struct Colouring {
        std::vector<std::uint64_t> below;   // by ExpressionId: what it is made of
        std::vector<std::uint64_t> around;  // by ExpressionId: what it stands in
    };
    /// Everything that the roots are made of, in the order of its numbers.
    std::vector<ExpressionId> nodes_of(std::span<const Root> roots);
    /// Gives each symbol among `nodes` a colour that says in which roots it stands, where in them
    /// and beside what. Symbols of different colours keep different ones.
    void recolour(std::span<const Root> roots, std::span<const ExpressionId> nodes,
                  std::vector<std::uint64_t>& colours, Colouring& scratch);

    /// Expressions are numbered from 0.
    std::size_t size() const {
        return nodes_.size();
    }
    std::size_t symbol_count() const {
        return symbols_.size();
    }
    std::string_view printed_symbol(SymbolId symbol) const {
        return symbols_[symbol];
    }

    /// The canonical names of all symbols, by SymbolId. Must be called before text(), once.
    void name_symbols(std::vector<std::string> names) {
        names_ = std::move(names);
    }

    /// Canonical text. Commutative operands are ordered by their canonical text, never by what
    /// torch called the symbols.
    const std::string& text(ExpressionId id);

  private:
    enum class Kind : std::uint8_t {
        integer,
        literal,
        boolean,
        symbol,
        value,
        sum,
        product,
        function
    };

    // sum: count times factor; product: power of factor; function: unused.
    struct Part {
        std::int64_t count;
        ExpressionId id;

        bool operator==(const Part&) const = default;
    };

    struct Node {
        Kind kind;
        bool is_float;
        std::uint32_t first;  // of parts_; a symbol's or a value's number
        std::uint32_t count;
        std::int64_t integer;
        std::string_view name;
        std::uint32_t weight;  // numbers, symbols and operations in its text; at least 1
        std::uint32_t height;  // of the tree that it is
    };

    static constexpr ExpressionId unknown = 0xffffffffu;

    struct Slot {
        std::uint64_t hash = 0;
        ExpressionId id = unknown;
    };

    std::uint64_t colour_of(const Node& node, std::span<const std::uint64_t> colours,
                            std::span<const std::uint64_t> below) const;
    static bool any_order(const Node& node);
    void grow();
    void spend(std::size_t work);
    void exceed(const char* what);
    void measure(Node& node);
    ExpressionId intern(Kind kind, bool is_float, std::int64_t integer, std::string_view name,
                        std::span<const Part> parts, std::uint32_t number = 0);
    std::vector<Part> terms_of(ExpressionId id) const;
    ExpressionId from_terms(std::vector<Part> terms);
    std::vector<Part> factors_of(ExpressionId id) const;
    std::optional<ExpressionId> product_of(ExpressionId a, ExpressionId b);
    ExpressionId floor_divide(ExpressionId a, ExpressionId b);
    ExpressionId modulo(ExpressionId a, ExpressionId b);
    ExpressionId power(ExpressionId a, ExpressionId b);
    ExpressionId function(std::string_view name, std::span<const ExpressionId> arguments);
    std::span<const Part> parts_of(const Node& node) const {
        return node.count == 0 ? std::span<const Part>()
                               : std::span(parts_).subspan(node.first, node.count);
    }

    std::string operand_text(ExpressionId id);
    std::string sum_text(const Node& node);
    std::string product_text(const Node& node);
    std::string function_text(const Node& node);

    std::vector<Node> nodes_;
    std::vector<Part> parts_;
    std::vector<Slot> slots_;  // hash table of all nodes; a power of two, at most half full
    NameTable symbol_table_;
    std::vector<std::string_view> symbols_;
    std::vector<ExpressionId> symbol_expressions_;
    std::vector<std::string> names_;
    std::vector<std::uint32_t> value_numbers_;
    bool has_values_ = false;
    std::vector<std::string> texts_;
    std::vector<ExpressionId> small_integers_;
    ExpressionId one_ = 0;
    std::size_t work_left_ = least_work;
    const char* excess_ = nullptr;
};

/// A number that differs where one of the two does, except for collisions.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b);
std::uint64_t mixed(std::uint64_t a, std::string_view text);

/// Order of two canonical texts with digits compared as numbers: "s2" before "s10".
bool comes_before(std::string_view a, std::string_view b);

}  // namespace exportgate::graph
