#include "archive/program_text.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "archive/enumerators.h"
#include "archive/operand_text.h"
#include "archive/python_text.h"
#include "archive/signature_text.h"

namespace exportgate::archive {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> binary_operators = {{
    {"add", "+"},
    {"sub", "-"},
    {"mul", "*"},
    {"truediv", "/"},
    {"floordiv", "//"},
    {"mod", "%"},
    {"pow", "**"},
    {"and_", "&"},
    {"or_", "|"},
    {"xor", "^"},
    {"eq", "=="},
    {"ne", "!="},
    {"lt", "<"},
    {"le", "<="},
    {"gt", ">"},
    {"ge", ">="},
    {"lshift", "<<"},
    {"rshift", ">>"},
}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> unary_operators = {
    {{"neg", "-"}, {"pos", "+"}, {"invert", "~"}}};

template <class Operators>
std::string_view symbol_of(const Operators& operators, std::string_view target) {
    constexpr std::string_view module = "_operator.";
    if (!target.starts_with(module)) return {};
    for (const auto& [name, symbol] : operators)
        if (name == target.substr(module.size())) return symbol;
    return {};
}

/// Results that nobody uses have names that torch makes up when it saves, and no node of their own
/// in the program: "split_unused_1", "cond_unused_0_2".
bool is_unused(std::string_view name) {
    const std::size_t at = name.rfind("_unused_");
    if (at == std::string_view::npos) return false;
    const std::string_view index = name.substr(at + 8);
    return !index.empty() && index.find_first_not_of("0123456789_") == std::string_view::npos;
}

/// One graph, and behind it those that are nested in it.
class GraphWriter {
  public:
    GraphWriter(std::string class_name, int depth, int& made_names)
        : class_name_(std::move(class_name)),
          indent_(static_cast<std::size_t>(depth) * 4 + 4, ' '),
          depth_(depth),
          made_names_(made_names) {}

    std::string write(const Place& graph, const std::vector<std::string>& input_names) {
        for (const char* values : {"sym_int_values", "sym_bool_values", "sym_float_values"})
            if (const auto found = graph.find(values)) add_sizes(*found);
        for (const auto& [name, meta] : graph.at("tensor_values").members())
            annotations_.emplace(name, tensor_annotation(meta));
        std::string text = fmt::format("{}class {}(torch.nn.Module):\n{}    def forward(self",
                                       indent_, class_name_, indent_);
        std::size_t index = 0;
        for (const Place& input : graph.at("inputs").items()) {
            const std::string given = index < input_names.size() ? input_names[index] : "";
            text += ", " + placeholder(input, given);
            ++index;
        }
        text += "):\n";
        for (const Place& node : graph.at("nodes").items())
            write_node(node);
        return text + body_ + indent_ + "        return " + returned(graph) + "\n" + nested_;
    }

  private:
    void add_sizes(const Place& values) {
        for (const auto& [name, size] : values.members())
            annotations_.emplace(name, fmt::format("Sym({})", size_of_document(size)));
    }

    static std::string tensor_annotation(const Place& meta) {
        const Place number = meta.at("dtype");
        const Dtype* dtype = dtype_of_number(number.integer());
        if (dtype == nullptr) number.note("an unknown dtype");
        std::string sizes;
        for (const Place& size : meta.at("sizes").items())
            sizes += (sizes.empty() ? "" : ", ") + size_of_document(size);
        return fmt::format("{}[{}]", dtype == nullptr ? "" : dtype->print, sizes);
    }

    std::string annotated(const std::string& name) const {
        const auto at = annotations_.find(name);
        return at == annotations_.end() ? name : fmt::format("{}: \"{}\"", name, at->second);
    }

    std::string made_name(std::string_view what) {
        return fmt::format("{}_of_file_{}", what, made_names_++);
    }

    /// A constant has no name in the graph: `given` is that of the signature.
    std::string placeholder(const Place& input, const std::string& given) {
        const auto [kind, value] = input.tagged();
        if (kind == "as_tensor" || kind == "as_custom_obj")
            return annotated(value_name(value.at("name")));
        if (kind.starts_with("as_sym_")) {
            const auto [inner, name] = value.tagged();
            if (inner == "as_name") return annotated(value_name(name));
        }
        return given.empty() ? made_name("constant") : given;
    }

    void statement(const std::string& result, const std::string& right) {
        body_ += indent_ + "        " + result + " = " + right + "\n";
    }

    std::string nested_graph(const Place& argument) {
        const std::string name = value_name(argument.at("name"));
        const Place graph = argument.at("graph");
        const auto [known, is_new] = graphs_.emplace(name, &graph.json());
        if (!is_new && *known->second != graph.json())
            argument.note("two nested graphs of one name");
        if (is_new) {
            GraphWriter writer(name, depth_ + 1, made_names_);
            nested_ += writer.write(graph, {});
        }
        const std::string value = made_name("graph");
        statement(value, "self." + name);
        return value;
    }

    void write_node(const Place& node) {
        const Place at_target = node.at("target");
        const std::string target = at_target.text();
        if (!is_dotted_name(target))
            at_target.note(fmt::format("no name of an operator: {}", target));
        // The size of a tensor has to be seen as such, which its operands by position say.
        const bool has_names =
            target.starts_with("torch.ops.") && target != "torch.ops.aten.sym_size.int";
        std::vector<std::string> operands;
        std::string listed;
        for (const Place& input : node.at("inputs").items()) {
            operands.push_back(operand_text(
                input.at("arg"), [this](const Place& graph) { return nested_graph(graph); }));
            const Place at_name = input.at("name");
            const std::string name = at_name.text();
            listed += listed.empty() ? "" : ", ";
            // Older releases do not say which operands were given by position: each has its name.
            if (has_names && !name.empty()) {
                if (name != "self" && !is_identifier(name)) at_name.note("no name of an operand");
                listed += name + " = ";
            }
            listed += operands.back();
        }
        write_results(node, right_side(target, operands, listed));
    }

    static std::string right_side(const std::string& target,
                                  const std::vector<std::string>& operands,
                                  const std::string& listed) {
        const std::string_view binary = symbol_of(binary_operators, target);
        if (!binary.empty() && operands.size() == 2)
            return fmt::format("{} {} {}", operands[0], binary, operands[1]);
        const std::string_view unary = symbol_of(unary_operators, target);
        if (!unary.empty() && operands.size() == 1) return fmt::format("{}{}", unary, operands[0]);
        return fmt::format("{}({})", target, listed);
    }

    /// One result is the node; several are taken out of it one by one.
    void write_results(const Place& node, const std::string& right) {
        const std::vector<Place> outputs = node.at("outputs").items();
        if (outputs.size() == 1) {
            const auto [kind, value] = outputs[0].tagged();
            // A nested graph that returns a tuple of one.
            const auto alone = node.find("is_hop_single_tensor_return");
            const bool in_tuple = alone && !alone->boolean() && kind != "as_tensors" &&
                                  kind != "as_none" &&
                                  node.at("target").text().starts_with("torch.ops.higher_order.");
            if (!in_tuple && kind != "as_tensors") {
                statement(
                    kind == "as_none" ? made_name("result") : annotated(result_name(outputs[0])),
                    right);
                return;
            }
        }
        const std::string whole = made_name("result");
        statement(whole, right);
        if (outputs.size() == 1 && outputs[0].tagged().first == "as_tensors") {
            write_tensors(whole, outputs[0].tagged().second);
            return;
        }
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const auto [kind, value] = outputs[i].tagged();
            const std::string item = fmt::format("{}[{}]", whole, i);
            if (kind == "as_none") continue;
            if (kind == "as_tensors") {
                write_list(item, value);
            } else if (const std::string name = result_name(outputs[i]); !is_unused(name)) {
                statement(annotated(name), item);
            }
        }
    }

    void write_list(const std::string& item, const Place& tensors) {
        bool any = false;
        for (const Place& tensor : tensors.items())
            any = any || !is_unused(tensor.at("name").text());
        if (!any) return;
        const std::string list = made_name("list");
        statement(list, item);
        write_tensors(list, tensors);
    }

    void write_tensors(const std::string& list, const Place& tensors) {
        const std::vector<Place> items = tensors.items();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::string name = value_name(items[i].at("name"));
            if (!is_unused(name)) statement(annotated(name), fmt::format("{}[{}]", list, i));
        }
    }

    std::string result_name(const Place& output) const {
        const auto [kind, value] = output.tagged();
        if (kind == "as_tensor") return value_name(value.at("name"));
        if (kind.starts_with("as_sym_")) {
            const auto [inner, name] = value.tagged();
            if (inner == "as_name") return value_name(name);
        }
        output.note(fmt::format("a result of the unknown kind {}", kind));
        return "unknown";
    }

    std::string returned(const Place& graph) {
        const std::vector<Place> outputs = graph.at("outputs").items();
        std::vector<std::string> values;
        for (const Place& output : outputs)
            values.push_back(
                operand_text(output, [this](const Place& nested) { return nested_graph(nested); }));
        const auto alone = graph.find("is_single_tensor_return");
        if (alone && alone->boolean() && values.size() == 1) return values[0];
        return fmt::format("({}{})", fmt::join(values, ", "), values.size() == 1 ? "," : "");
    }

    std::string class_name_;
    std::string indent_;
    int depth_;
    int& made_names_;
    std::map<std::string, std::string> annotations_;  // by name of the value
    std::map<std::string, const nlohmann::json*> graphs_;
    std::string body_;
    std::string nested_;
};

}  // namespace

std::string program_text(const Place& document) {
    const Place module = document.at("graph_module");
    int made_names = 0;
    GraphWriter writer("GraphModule", 0, made_names);
    const Place signature = module.at("signature");
    return "ExportedProgram:\n" + writer.write(module.at("graph"), input_names(signature)) +
           signature_text(signature, document.at("range_constraints"));
}

}  // namespace exportgate::archive
