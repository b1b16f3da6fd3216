// The canonical text of expressions. Everything here depends on the canonical names of symbols
// only: two prints that differ in what torch called the symbols give the same bytes.
#include <algorithm>
#include <charconv>

#include "graph/characters.h"
#include "graph/concat.h"
#include "graph/expression.h"

namespace exportgate::graph {
namespace {

bool is_infix(std::string_view name) {
    const char c = name.front();
    // A function may have a name in any script.
    return !is_letter(c) && static_cast<unsigned char>(c) < 128 && c != '~';
}

bool is_relation(std::string_view name) {
    return name.front() == '<' || name.front() == '>' || name.front() == '=' || name.front() == '!';
}

/// With the number of `count` in front: "s0", "2*s0", "-s0".
std::string scaled(std::int64_t count, const std::string& text) {
    if (count == 1) return text;
    if (count == -1) return concat({"-", text});
    return concat({std::to_string(count), "*", text});
}

}  // namespace

bool comes_before(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            std::size_t i_end = i;
            std::size_t j_end = j;
            while (i_end < a.size() && is_digit(a[i_end]))
                ++i_end;
            while (j_end < b.size() && is_digit(b[j_end]))
                ++j_end;
            const std::string_view x = a.substr(i, i_end - i);
            const std::string_view y = b.substr(j, j_end - j);
            if (x.size() != y.size()) return x.size() < y.size();
            if (x != y) return x < y;
            i = i_end;
            j = j_end;
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        } else {
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

const std::string& Expressions::text(ExpressionId id) {
    if (texts_.size() < nodes_.size()) texts_.resize(nodes_.size());
    if (!texts_[id].empty() || excess_ != nullptr) return texts_[id];
    const Node node = nodes_[id];
    std::string text;
    switch (node.kind) {
        case Kind::integer:
            text = std::to_string(node.integer);
            break;
        case Kind::literal:
            text = node.name;
            break;
        case Kind::boolean:
            text = node.integer != 0 ? "True" : "False";
            break;
        case Kind::symbol:
            text = names_[node.first];
            break;
        case Kind::value:
            text = concat({"%", std::to_string(value_numbers_[node.first])});
            break;
        case Kind::sum:
            text = sum_text(node);
            break;
        case Kind::product:
            text = product_text(node);
            break;
        case Kind::function:
            text = function_text(node);
            break;
    }
    spend(text.size() / 4);
    texts_[id] = std::move(text);
    return texts_[id];
}

/// In brackets unless it binds tighter than any operator.
std::string Expressions::operand_text(ExpressionId id) {
    const Node node = nodes_[id];
    const bool is_compound =
        node.kind == Kind::sum || node.kind == Kind::product ||
        (node.kind == Kind::integer && node.integer < 0) ||
        (node.kind == Kind::literal && node.name.starts_with('-')) ||
        (node.kind == Kind::function && (is_infix(node.name) || node.name == "~"));
    return is_compound ? concat({"(", text(id), ")"}) : text(id);
}

std::string Expressions::sum_text(const Node& node) {
    std::vector<std::pair<std::string, std::int64_t>> terms;
    std::int64_t constant = 0;
    for (const Part part : std::vector<Part>(parts_of(node).begin(), parts_of(node).end())) {
        if (part.id == one_) {
            constant = part.count;
        } else {
            terms.emplace_back(
                nodes_[part.id].kind == Kind::product ? text(part.id) : operand_text(part.id),
                part.count);
        }
    }
    std::ranges::sort(terms,
                      [](const auto& a, const auto& b) { return comes_before(a.first, b.first); });
    std::string sum;
    for (const auto& [term, count] : terms) {
        const std::string written = scaled(count, term);
        if (sum.empty()) {
            sum = written;
        } else if (written.front() == '-') {
            sum += concat({" - ", std::string_view(written).substr(1)});
        } else {
            sum += concat({" + ", written});
        }
    }
    if (constant > 0) sum += concat({" + ", std::to_string(constant)});
    if (constant < 0) sum += concat({" - ", std::to_string(constant).substr(1)});
    return sum;
}

std::string Expressions::product_text(const Node& node) {
    std::vector<std::string> factors;
    for (const Part part : std::vector<Part>(parts_of(node).begin(), parts_of(node).end())) {
        std::string factor = operand_text(part.id);
        if (part.count != 1) factor += concat({"**", std::to_string(part.count)});
        factors.push_back(std::move(factor));
    }
    std::ranges::sort(factors, comes_before);
    std::string product;
    for (const std::string& factor : factors) {
        if (!product.empty()) product += '*';
        product += factor;
    }
    return product;
}

std::string Expressions::function_text(const Node& node) {
    const std::vector<Part> parts(parts_of(node).begin(), parts_of(node).end());
    const bool infix = is_infix(node.name);
    std::vector<std::string> arguments;
    for (const Part part : parts) {
        // A comparison binds loosest: its sides need no brackets unless they are comparisons
        // themselves.
        const bool plain =
            !infix || (is_relation(node.name) && nodes_[part.id].kind != Kind::function);
        arguments.push_back(plain && node.name != "~" ? text(part.id) : operand_text(part.id));
    }
    if (any_order(node)) {
        // A number goes to the right side of an equality, as torch prints it.
        std::ranges::sort(arguments, [](const std::string& a, const std::string& b) {
            const bool a_is_number = is_digit(a.front()) || a.front() == '-';
            const bool b_is_number = is_digit(b.front()) || b.front() == '-';
            return a_is_number != b_is_number ? b_is_number : comes_before(a, b);
        });
    }
    if (node.name == "~" || (infix && arguments.size() == 1))
        return std::string(node.name) + arguments[0];
    std::string text;
    if (!infix) text = std::string(node.name) + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (i > 0) text += infix ? concat({" ", node.name, " "}) : ", ";
        text += arguments[i];
    }
    return infix ? text : text + ")";
}

}  // namespace exportgate::graph
