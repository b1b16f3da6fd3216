#include "graph/numbering.h"

#include "graph/symbol_use.h"

namespace exportgate::graph {
namespace {

class Numbering {
  public:
    Numbering(Program& program, Evaluation& evaluation)
        : program_(program),
          evaluation_(evaluation),
          symbols_(program),
          numbers_(program.values.size(), 0) {}

    void run() {
        evaluation_.graph_numbers.assign(program_.graphs.size(), none);
        evaluation_.order.assign(1, 0);
        for (std::size_t i = 0; i < evaluation_.order.size(); ++i)
            walk(evaluation_.order[i]);
        for (Meaning& meaning : evaluation_.meanings) {
            if (meaning.kind == Meaning::Kind::number) meaning.number = numbers_[meaning.number];
        }
        use_returned(program_.graphs[0].returned);
        program_.expressions.set_values({numbers_.begin(), numbers_.end()});
        symbols_.name(evaluation_);
    }

  private:
    void walk(GraphId id) {
        const Graph& graph = program_.graphs[id];
        std::uint32_t next = 0;
        for (const ValueId placeholder : graph.placeholders) {
            numbers_[placeholder] = next++;
            Meaning& meaning = evaluation_.meanings[placeholder];
            if (meaning.kind == Meaning::Kind::expression) meaning.number = numbers_[placeholder];
            symbols_.see(placeholder, id == 0);
            symbols_.use(program_.values[placeholder].annotation);
        }
        for (const Node& node : graph.nodes) {
            symbols_.see(node.result, false);
            for (std::uint32_t i = node.first; i < node.first + node.count; ++i)
                use_operand(program_.operands[i], i);
            const Meaning& meaning = evaluation_.meanings[node.result];
            if (meaning.kind == Meaning::Kind::expression) {
                symbols_.use(meaning.expression);
            } else {
                numbers_[node.result] = next++;
            }
        }
        use_operand(graph.returned, none);
        for (const GraphId child : graph.children)
            reach(child);
    }

    /// Nested graphs are numbered by their first use. The order of the lines that fetch them means
    /// nothing.
    void reach(GraphId child) {
        if (evaluation_.graph_numbers[child] != none) return;
        evaluation_.graph_numbers[child] = static_cast<std::uint32_t>(evaluation_.order.size() - 1);
        evaluation_.order.push_back(child);
    }

    void use_operand(const Operand& operand, std::uint32_t index) {
        if (operand.kind == Operand::Kind::value) {
            const Meaning& meaning = evaluation_.meanings[operand.value];
            if (meaning.kind == Meaning::Kind::expression) symbols_.use(meaning.expression);
            if (meaning.kind == Meaning::Kind::sizes)
                symbols_.use(program_.values[meaning.number].annotation);
            if (meaning.kind == Meaning::Kind::module_) reach(meaning.number);
            return;
        }
        if (operand.kind == Operand::Kind::string) {
            const auto message = evaluation_.messages.find(index);
            if (message != evaluation_.messages.end()) symbols_.use(message->second);
        }
        for (std::uint32_t i = 0; i < operand.count; ++i)
            use_operand(program_.operands[operand.first + i], operand.first + i);
    }

    void use_returned(const Operand& returned) {
        const auto use = [&](const Operand& operand) {
            if (operand.kind == Operand::Kind::value)
                symbols_.use(program_.values[operand.value].annotation);
        };
        use(returned);
        for (std::uint32_t i = 0; i < returned.count; ++i)
            use(program_.operands[returned.first + i]);
    }

    Program& program_;
    Evaluation& evaluation_;
    SymbolUse symbols_;
    std::vector<std::uint32_t> numbers_;  // by ValueId
};

}  // namespace

void number_values(Program& program, Evaluation& evaluation) {
    Numbering(program, evaluation).run();
}

}  // namespace exportgate::graph
