#include "graph/effects.h"

#include <algorithm>
#include <array>

#include "graph/operand_binding.h"
#include "graph/operator_names.h"

namespace exportgate::graph {
namespace {

constexpr std::string_view higher_order = "torch.ops.higher_order.";

template <std::size_t count>
bool is_one_of(std::string_view name, const std::array<std::string_view, count>& names) {
    return std::ranges::find(names, name) != names.end();
}

bool is_in_place(std::string_view binary) {
    return binary.ends_with('=') && binary != "==" && binary != "!=" && binary != "<=" &&
           binary != ">=";
}

class Classifier {
  public:
    Classifier(const Program& program, const Evaluation& evaluation, const Node& node, Operator& op,
               const std::vector<Effects>& nested)
        : program_(program), evaluation_(evaluation), node_(node), op_(op), nested_(nested) {}

    Effects classify() {
        switch (node_.kind) {
            case Node::Kind::binary:
                if (is_in_place(node_.target)) write(0), effects_.can_alias = true;
                break;
            case Node::Kind::subscript:
                effects_.can_alias = true;
                break;
            case Node::Kind::call:
                classify_call();
                break;
            case Node::Kind::unary:
            case Node::Kind::attribute:
            case Node::Kind::alias:
                break;
        }
        return std::move(effects_);
    }

  private:
    void classify_call() {
        if (node_.target.starts_with(higher_order)) return classify_higher_order();
        if (node_.target.starts_with("torch.ops.")) {
            return op_.is_known() && is_bound() ? classify_known() : do_anything();
        }
        if (node_.target == "operator.getitem" || node_.target == "_operator.getitem") {
            effects_.can_alias = true;
        } else if (!is_scalar_function(node_.target) && operator_function(node_.target).empty()) {
            // torch._C._set_grad_enabled(False) and whatever else is no operator.
            effects_.is_barrier = true;
            do_anything();
        }
    }

    void do_anything() {
        effects_.chains = Effects::anything;
        effects_.can_alias = true;
        for (std::uint32_t i = 0; i < node_.count; ++i)
            collect_values(program_, evaluation_, program_.operands[node_.first + i],
                           effects_.written);
    }

    void write(std::uint32_t operand) {
        effects_.chains |= Effects::writes;
        collect_values(program_, evaluation_, program_.operands[node_.first + operand],
                       effects_.written);
    }

    bool is_bound() const {
        const Schema& schema = op_.reference ? *op_.reference : *op_.observed;
        for (std::uint32_t i = 0; i < node_.count; ++i) {
            const Operand& operand = program_.operands[node_.first + i];
            if (argument_of(schema, operand, i) == schema.arguments.size()) return false;
        }
        return true;
    }

    /// By the schema of the table and by the observed one: what either says is so.
    void classify_known() {
        const std::string_view name = node_.target.substr(std::string_view("torch.ops.").size());
        const Schema& schema = op_.reference ? *op_.reference : *op_.observed;
        // Nobody knows what else an operator of a library does: prints, counts, draws.
        if (!op_.reference) effects_.chains = Effects::anything;
        effects_.can_alias = op_.is_composite || schema.returns_an_alias ||
                             (op_.observed && op_.observed->returns_an_alias) ||
                             aliases_unsaid(name);
        const bool keeps_statistics = updates_statistics(name, schema);
        for (std::uint32_t i = 0; i < node_.count; ++i) {
            const Operand& operand = program_.operands[node_.first + i];
            const Schema::Argument& argument = schema.arguments[argument_of(schema, operand, i)];
            const bool is_statistic =
                argument.name == "running_mean" || argument.name == "running_var";
            const std::size_t own = op_.own().find(argument.name);
            if (argument.is_written || (keeps_statistics && is_statistic) ||
                (own < op_.own().arguments.size() && op_.own().arguments[own].is_written)) {
                write(i);
            }
        }
        if (op_.is_seeded && !draws_nothing(schema)) effects_.chains |= Effects::draws;
        if (!schema.returns_nothing || effects_.any()) return;
        effects_.is_assertion =
            name.starts_with("aten._assert") || name.starts_with("aten.sym_constrain_range");
        if (!effects_.is_assertion) effects_.chains = Effects::anything;
    }

    /// Operators that can return an operand, or a view of one, and whose schema does not say so.
    static bool aliases_unsaid(std::string_view name) {
        static constexpr std::array<std::string_view, 3> known{
            "aten._unsafe_view.default", "aten.native_dropout.default", "aten.lift.default"};
        return name.starts_with("prims.") || is_one_of(name, known);
    }

    /// The schemas of batch_norm and of its kin do not say that they do.
    bool updates_statistics(std::string_view name, const Schema& schema) const {
        const bool has_statistics = name.find("batch_norm") != std::string_view::npos ||
                                    name.find("instance_norm") != std::string_view::npos;
        return has_statistics && name.find("no_training") == std::string_view::npos &&
               name.find("functional") == std::string_view::npos &&
               !is_given(schema, "training", "False") &&
               !is_given(schema, "use_input_stats", "False");
    }

    /// Dropout in a model that is not trained, attention without dropout.
    bool draws_nothing(const Schema& schema) const {
        if (is_given(schema, "train", "False") || is_given(schema, "training", "False"))
            return true;
        const std::size_t dropout = schema.find("dropout_p");
        if (dropout == schema.arguments.size()) return false;
        const Operand* given = operand_of(schema, dropout);
        return given == nullptr || given->text == "0.0" || given->text == "0";
    }

    bool is_given(const Schema& schema, std::string_view argument, std::string_view text) const {
        const Operand* operand = operand_of(schema, schema.find(argument));
        return operand != nullptr && operand->text == text;
    }

    const Operand* operand_of(const Schema& schema, std::size_t argument) const {
        for (std::uint32_t i = 0; i < node_.count; ++i) {
            const Operand& operand = program_.operands[node_.first + i];
            if (argument < schema.arguments.size() && argument_of(schema, operand, i) == argument)
                return &operand;
        }
        return nullptr;
    }

    void classify_higher_order() {
        static constexpr std::array<std::string_view, 6> pure{
            "cond", "while_loop", "map_impl", "map", "scan", "associative_scan"};
        static constexpr std::array<std::string_view, 2> regions{"wrap_with_set_grad_enabled",
                                                                 "wrap_with_autocast"};
        const std::string_view name = node_.target.substr(higher_order.size());
        const bool is_region = is_one_of(name, regions);
        std::uint8_t inside = 0;
        bool is_read = is_region || is_one_of(name, pure);
        for (std::uint32_t i = 0; i < node_.count; ++i) {
            const Operand& operand = program_.operands[node_.first + i];
            // A graph that was not found here.
            if (operand.kind == Operand::Kind::constant && operand.text.starts_with("self."))
                is_read = false;
            if (operand.kind != Operand::Kind::value) continue;
            const Meaning& meaning = evaluation_.meanings[operand.value];
            if (meaning.kind == Meaning::Kind::constant) is_read = false;
            if (meaning.kind != Meaning::Kind::module_) continue;
            inside |= nested_[meaning.number].chains;
            if (nested_[meaning.number].is_barrier) is_read = false;
        }
        if (!is_read || (inside & (Effects::writes | Effects::draws)) != 0) return do_anything();
        effects_.chains = inside | (is_region ? Effects::region : std::uint8_t{0});
        effects_.can_alias = true;
    }

    const Program& program_;
    const Evaluation& evaluation_;
    const Node& node_;
    Operator& op_;
    const std::vector<Effects>& nested_;
    Effects effects_;
};

}  // namespace

Effects effects_of(const Program& program, const Evaluation& evaluation, const Node& node,
                   Operator& op, const std::vector<Effects>& nested) {
    return Classifier(program, evaluation, node, op, nested).classify();
}

void collect_values(const Program& program, const Evaluation& evaluation, const Operand& operand,
                    std::vector<ValueId>& values) {
    if (operand.kind == Operand::Kind::value) {
        const Meaning& meaning = evaluation.meanings[operand.value];
        const bool is_scalar =
            program.values[operand.value].annotation.kind == Annotation::Kind::scalar;
        if (meaning.kind == Meaning::Kind::number && !is_scalar) values.push_back(meaning.number);
        return;
    }
    for (std::uint32_t i = 0; i < operand.count; ++i)
        collect_values(program, evaluation, program.operands[operand.first + i], values);
}

}  // namespace exportgate::graph
