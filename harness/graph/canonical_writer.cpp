#include "graph/canonical_writer.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "graph/concat.h"
#include "graph/expression_parser.h"
#include "graph/legend.h"

namespace exportgate::graph {
namespace {

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    const auto [end, failure] = std::to_chars(digits, digits + sizeof digits, number);
    (void)failure;
    out.append(digits, end);
}

class Writer {
  public:
    Writer(Program& program, const Evaluation& evaluation,
           const std::vector<RequestedDim>& requested, std::size_t most_bytes)
        : program_(program),
          evaluation_(evaluation),
          requested_(requested),
          most_bytes_(most_bytes) {
        out_.reserve(64 * program.values.size() + 256);
    }

    tl::expected<Canonical, Excess> write() {
        result_.inputs = inputs_of(program_);
        result_.symbols = symbols_of(program_, evaluation_);
        out_ = "exportgate graph " + std::to_string(format_version) + "\n";
        out_ += symbols_legend(program_, evaluation_, result_, requested_);
        write_inputs();
        check(program_.graphs[0].line);
        for (const GraphId id : evaluation_.order)
            write_graph(id);
        write_outputs();
        if (excess_) return tl::unexpected(*excess_);
        result_.text = std::move(out_);
        return std::move(result_);
    }

  private:
    bool is_full() const {
        return out_.size() > most_bytes_ || program_.expressions.excess() != nullptr;
    }

    /// `line`: of the print, which was written last.
    void check(int line) {
        if (excess_ || !is_full()) return;
        const char* excess = program_.expressions.excess();
        excess_ = excess != nullptr ? Excess{line, excess, written_out}
                                    : Excess{line,
                                             concat({"more than ", std::to_string(most_bytes_),
                                                     " bytes of canonical text"}),
                                             "a text in proportion to the print"};
    }

    void write_annotation(const Annotation& annotation) {
        switch (annotation.kind) {
            case Annotation::Kind::absent:
                out_ += "constant";
                return;
            case Annotation::Kind::type:
                out_ += annotation.dtype;
                return;
            case Annotation::Kind::scalar:
                out_ += "Sym(" + program_.expressions.text(program_.dims[annotation.first]) + ")";
                return;
            case Annotation::Kind::tensor:
                break;
        }
        if (annotation.subclass.empty()) return write_tensor(annotation);
        out_ += annotation.subclass;
        out_ += '(';
        write_tensor(annotation);
        if (!annotation.placement.empty()) out_ += concat({", \"", annotation.placement, "\""});
        out_ += ')';
    }

    void write_tensor(const Annotation& annotation) {
        out_ += annotation.dtype;
        out_ += '[';
        write_dims(annotation);
        out_ += ']';
    }

    void write_dims(const Annotation& annotation) {
        for (std::uint32_t i = 0; i < annotation.count; ++i) {
            if (i > 0) out_ += ", ";
            out_ += program_.expressions.text(program_.dims[annotation.first + i]);
        }
    }

    void write_inputs() {
        const Graph& graph = program_.graphs[0];
        if (!graph.placeholders.empty()) out_ += "\ninputs\n";
        for (std::size_t i = 0; i < graph.placeholders.size(); ++i) {
            const InputSpec& spec = program_.inputs[i];
            out_ += "  %";
            append_number(out_, i);
            out_ += "  ";
            out_ += spec.kind;
            out_ += "  ";
            write_annotation(program_.values[graph.placeholders[i]].annotation);
            if (!spec.target.empty()) {
                out_ += "  \"";
                out_ += spec.target;
                out_ += '"';
            }
            // Only for buffers: releases and modes differ in whether a lifted constant says it,
            // where it means nothing.
            if (spec.kind == "BUFFER" && !spec.persistent.empty()) {
                out_ += spec.persistent == "True" ? "  persistent" : "  not persistent";
            }
            out_ += '\n';
        }
    }

    void write_graph(GraphId id) {
        const Graph& graph = program_.graphs[id];
        out_ += "\ngraph";
        if (id != 0) {
            out_ += " @";
            append_number(out_, evaluation_.graph_numbers[id]);
            out_ += '(';
            for (std::size_t i = 0; i < graph.placeholders.size(); ++i) {
                if (i > 0) out_ += ", ";
                out_ += '%';
                append_number(out_, i);
                const Annotation& annotation = program_.values[graph.placeholders[i]].annotation;
                if (annotation.kind == Annotation::Kind::absent) continue;
                out_ += ": ";
                write_annotation(annotation);
            }
            out_ += ')';
        }
        out_ += '\n';
        for (const Node& node : graph.nodes) {
            if (excess_) return;
            if (!evaluation_.dissolved[node.result]) write_node(node);
            check(node.line);
        }
        if (id != 0) {
            out_ += "  return ";
            write_operand(graph.returned, none);
            out_ += '\n';
            check(graph.line);
        }
    }

    /// " <u0>" behind a value whose shape brings a new symbol into the program.
    void write_definitions(ValueId value) {
        if (evaluation_.definitions.empty()) return;
        const auto at = evaluation_.definitions.find(value);
        if (at == evaluation_.definitions.end()) return;
        const Meaning& meaning = evaluation_.meanings[value];
        if (meaning.kind == Meaning::Kind::expression) return;  // u0 = aten.item.default(%1)
        out_ += " <";
        for (std::size_t i = 0; i < at->second.size(); ++i) {
            if (i > 0) out_ += ", ";
            out_ += program_.expressions.text(
                program_.expressions.symbol(program_.expressions.printed_symbol(at->second[i])));
        }
        out_ += '>';
    }

    void write_node(const Node& node) {
        out_ += "  ";
        write_meaning(evaluation_.meanings[node.result]);
        write_definitions(node.result);
        out_ += " = ";
        switch (node.kind) {
            case Node::Kind::binary:
                write_operand(program_.operands[node.first], node.first);
                out_ += ' ';
                out_ += node.target;
                out_ += ' ';
                write_operand(program_.operands[node.first + 1], node.first + 1);
                break;
            case Node::Kind::unary:
                out_ += node.target;
                write_operand(program_.operands[node.first], node.first);
                break;
            case Node::Kind::subscript:
                write_operand(program_.operands[node.first], node.first);
                out_ += '[';
                write_operand(program_.operands[node.first + 1], node.first + 1);
                out_ += ']';
                break;
            case Node::Kind::call:
            case Node::Kind::attribute:
            case Node::Kind::alias:
                write_call(node.target, node.first, node.count);
                break;
        }
        out_ += '\n';
    }

    void write_call(std::string_view target, std::uint32_t first, std::uint32_t count) {
        constexpr std::string_view prefix = "torch.ops.";
        out_ += target.starts_with(prefix) ? target.substr(prefix.size()) : target;
        out_ += '(';
        const auto operands = std::span(program_.operands).subspan(first, count);
        const auto keyword = std::ranges::find_if(
            operands, [](const Operand& operand) { return !operand.keyword.empty(); });
        const auto positional = static_cast<std::uint32_t>(keyword - operands.begin());
        for (std::uint32_t i = 0; i < positional; ++i) {
            if (i > 0) out_ += ", ";
            write_operand(operands[i], first + i);
        }
        if (positional < count) write_keywords(first, positional, count);
        out_ += ')';
    }

    /// In the order of their names: the order in which they were given means nothing.
    void write_keywords(std::uint32_t first, std::uint32_t positional, std::uint32_t count) {
        keyword_order_.clear();
        for (std::uint32_t i = positional; i < count; ++i)
            keyword_order_.push_back(first + i);
        std::ranges::sort(keyword_order_, [&](std::uint32_t a, std::uint32_t b) {
            return program_.operands[a].keyword < program_.operands[b].keyword;
        });
        const std::vector<std::uint32_t> order =
            keyword_order_;  // operands may hold calls of their own
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (positional + i > 0) out_ += ", ";
            out_ += program_.operands[order[i]].keyword;
            out_ += '=';
            write_operand(program_.operands[order[i]], order[i]);
        }
    }

    void write_meaning(const Meaning& meaning) {
        if (is_full()) return;
        switch (meaning.kind) {
            case Meaning::Kind::number:
                out_ += '%';
                append_number(out_, meaning.number);
                return;
            case Meaning::Kind::expression:
                out_ += program_.expressions.text(meaning.expression);
                return;
            case Meaning::Kind::module_:
                out_ += '@';
                append_number(out_, evaluation_.graph_numbers[meaning.number]);
                return;
            case Meaning::Kind::constant:
                out_ += "self.";
                out_ += meaning.text;
                return;
            case Meaning::Kind::sizes:
                out_ += '[';
                write_dims(program_.values[meaning.number].annotation);
                out_ += ']';
                return;
        }
    }

    void write_sequence(const Operand& operand, char opening, char closing) {
        out_ += opening;
        for (std::uint32_t i = 0; i < operand.count; ++i) {
            if (i > 0) out_ += operand.kind == Operand::Kind::mapping && i % 2 == 1 ? ": " : ", ";
            write_operand(program_.operands[operand.first + i], operand.first + i);
        }
        out_ += closing;
    }

    void write_operand(const Operand& operand, std::uint32_t index) {
        switch (operand.kind) {
            case Operand::Kind::none_literal:
                out_ += "None";
                return;
            case Operand::Kind::boolean:
            case Operand::Kind::number:
            case Operand::Kind::constant:
                out_ += operand.text;
                return;
            case Operand::Kind::string:
                write_string(operand, index);
                return;
            case Operand::Kind::value:
                write_meaning(evaluation_.meanings[operand.value]);
                return;
            case Operand::Kind::sequence:
                write_sequence(operand, '[', ']');
                return;
            case Operand::Kind::mapping:
                write_sequence(operand, '{', '}');
                return;
            case Operand::Kind::call:
                write_call(operand.text, operand.first, operand.count);
                return;
        }
    }

    void write_string(const Operand& operand, std::uint32_t index) {
        const auto message = evaluation_.messages.find(index);
        if (message == evaluation_.messages.end()) {
            out_ += operand.text;
            return;
        }
        // The node that torch names is the first operand; its name is torch's choice, like every
        // name of a node.
        out_ += '"';
        out_ += assertion_message(operand.text)->before;
        out_ += program_.expressions.text(message->second);
        out_ += '"';
    }

    void write_outputs() {
        const Operand& returned = program_.graphs[0].returned;
        const bool many = returned.kind == Operand::Kind::sequence;
        out_ += "\noutputs\n";
        for (std::uint32_t i = 0; i < program_.outputs.size() && !excess_; ++i) {
            const OutputSpec& spec = program_.outputs[i];
            const Operand& operand = many ? program_.operands[returned.first + i] : returned;
            out_ += "  ";
            out_ += spec.kind;
            out_ += "  ";
            write_operand(operand, none);
            if (operand.kind == Operand::Kind::value &&
                program_.values[operand.value].annotation.kind == Annotation::Kind::tensor) {
                out_ += "  ";
                write_annotation(program_.values[operand.value].annotation);
            }
            if (!spec.target.empty()) {
                out_ += "  ";
                write_output_target(spec);
            }
            out_ += '\n';
            check(spec.line);
        }
    }

    /// A parameter or buffer by its name in the module; an input by its position, as its name is
    /// torch's choice.
    void write_output_target(const OutputSpec& spec) {
        if (spec.kind == "USER_INPUT_MUTATION" || spec.kind == "GRADIENT_TO_USER_INPUT") {
            if (input_numbers_.empty()) {
                for (std::size_t i = 0; i < program_.inputs.size(); ++i)
                    input_numbers_.emplace(program_.inputs[i].name, i);
            }
            const auto input = input_numbers_.find(spec.target);
            if (input != input_numbers_.end()) {
                out_ += '%';
                append_number(out_, input->second);
                return;
            }
        }
        out_ += '"';
        out_ += spec.target;
        out_ += '"';
    }

    Program& program_;
    const Evaluation& evaluation_;
    const std::vector<RequestedDim>& requested_;
    std::string out_;
    Canonical result_;
    std::vector<std::uint32_t> keyword_order_;
    std::unordered_map<std::string_view, std::size_t> input_numbers_;  // by torch's name
    std::size_t most_bytes_;
    std::optional<Excess> excess_;
};

}  // namespace

tl::expected<Canonical, Excess> write_canonical(Program& program, const Evaluation& evaluation,
                                                const std::vector<RequestedDim>& requested,
                                                std::size_t most_bytes) {
    return Writer(program, evaluation, requested, most_bytes).write();
}

}  // namespace exportgate::graph
