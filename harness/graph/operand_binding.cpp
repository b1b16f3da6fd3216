#include "graph/operand_binding.h"

#include <algorithm>

#include "graph/default_operand.h"

namespace exportgate::graph {
namespace {

class Binding {
  public:
    Binding(Program& program, Node& node, Operator& op) : program_(program), node_(node), op_(op) {}

    void bind() {
        if (is_bound()) return;
        if (!op_.is_known() || !assign()) return sort_keywords();
        const Schema& order = op_.reference ? *op_.reference : *op_.observed;
        bool gap = false;
        for (const Schema::Argument& argument : order.arguments) {
            const bool by_position = write(argument, gap);
            gap = gap || !by_position;
        }
        if (op_.reference && op_.observed) write_new_arguments();
        positional_ = static_cast<std::uint32_t>(std::ranges::count_if(
            written_, [](const Operand& one) { return one.keyword.empty(); }));
        store();
    }

  private:
    std::span<const Operand> operands() const {
        return std::span(program_.operands).subspan(node_.first, node_.count);
    }

    /// Most are written as they should be.
    bool is_bound() const {
        if (!op_.reference || !op_.has_one_schema) return false;
        const auto& arguments = op_.reference->arguments;
        if (node_.count > arguments.size()) return false;
        for (std::uint32_t i = 0; i < arguments.size(); ++i) {
            const Schema::Argument& argument = arguments[i];
            if (i >= node_.count) {
                if (argument.default_value.empty()) return false;
                continue;
            }
            const Operand& operand = program_.operands[node_.first + i];
            if (!operand.keyword.empty() || argument.keyword_only ||
                is_default(program_, operand, argument))
                return false;
        }
        return true;
    }

    /// Finds the operand of each argument of the program's own schema.
    bool assign() {
        const Schema& own = op_.own();
        given_.assign(own.arguments.size(), nullptr);
        for (std::uint32_t i = 0; i < node_.count; ++i) {
            const Operand& operand = program_.operands[node_.first + i];
            const std::size_t argument = argument_of(own, operand, i);
            if (argument >= given_.size() || given_[argument] != nullptr) return false;
            given_[argument] = &operand;
        }
        for (std::size_t i = 0; i < given_.size(); ++i) {
            if (given_[i] == nullptr && own.arguments[i].default_value.empty()) return false;
            // An argument that the reference does not have in the same place would be written in
            // another one.
            if (op_.reference && given_[i] != nullptr && given_[i]->keyword.empty() &&
                (i >= op_.reference->arguments.size() ||
                 op_.reference->arguments[i].name != own.arguments[i].name)) {
                return false;
            }
        }
        return true;
    }

    /// True where the argument was written by its position.
    bool write(const Schema::Argument& argument, bool by_keyword) {
        const Schema& own = op_.own();
        const std::size_t place = own.find(argument.name);
        if (place == own.arguments.size()) return false;  // this release has no such argument
        by_keyword = by_keyword || argument.keyword_only;
        const Operand* operand = given_[place];
        if (operand != nullptr) {
            if (op_.reference && is_default(program_, *operand, argument)) return left_out();
            add(*operand, argument.name, by_keyword);
            return !by_keyword;
        }
        const Schema::Argument& declared = own.arguments[place];
        if (op_.reference && same_default(argument, declared)) return false;
        Operand literal;
        literal.kind = Operand::Kind::constant;
        literal.text = program_.made_texts.emplace_back(printed_default(declared));
        add(literal, argument.name, by_keyword);
        return !by_keyword;
    }

    bool left_out() {
        if (!op_.observed) op_.is_assumed = true;
        return false;
    }

    /// Arguments that the reference does not have. That there is one with a default changes
    /// nothing.
    void write_new_arguments() {
        for (std::size_t i = 0; i < given_.size(); ++i) {
            const Schema::Argument& argument = op_.observed->arguments[i];
            const bool is_new =
                op_.reference->find(argument.name) == op_.reference->arguments.size();
            if (is_new && given_[i] != nullptr && !is_default(program_, *given_[i], argument))
                add(*given_[i], argument.name, true);
        }
    }

    void add(Operand operand, std::string_view name, bool by_keyword) {
        operand.keyword = by_keyword ? name : std::string_view();
        written_.push_back(operand);
    }

    void store() {
        const auto before = operands();
        std::ranges::sort(written_.begin() + positional_, written_.end(), {}, &Operand::keyword);
        const auto same = [](const Operand& a, const Operand& b) {
            return a.kind == b.kind && a.value == b.value && a.first == b.first &&
                   a.text.data() == b.text.data() && a.keyword == b.keyword;
        };
        if (std::ranges::equal(before, written_, same)) return;
        if (!op_.observed) op_.is_assumed = true;
        node_.first = static_cast<std::uint32_t>(program_.operands.size());
        node_.count = static_cast<std::uint32_t>(written_.size());
        program_.operands.insert(program_.operands.end(), written_.begin(), written_.end());
    }

    void sort_keywords() {
        const auto first = program_.operands.begin() + node_.first;
        const auto last = first + node_.count;
        const auto keyword =
            std::find_if(first, last, [](const Operand& one) { return !one.keyword.empty(); });
        std::ranges::sort(keyword, last, {}, &Operand::keyword);
    }

    Program& program_;
    Node& node_;
    Operator& op_;
    std::vector<const Operand*> given_;  // by argument of the program's own schema
    std::vector<Operand> written_;
    std::uint32_t positional_ = 0;
};

}  // namespace

std::size_t argument_of(const Schema& schema, const Operand& operand, std::uint32_t index) {
    if (!operand.keyword.empty()) return schema.find(operand.keyword);
    const bool fits = index < schema.arguments.size() && !schema.arguments[index].keyword_only;
    return fits ? index : schema.arguments.size();
}

void bind_operands(Program& program, Node& node, Operator& op) {
    Binding(program, node, op).bind();
}

}  // namespace exportgate::graph
