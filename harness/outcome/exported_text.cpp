#include "outcome/exported_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "outcome/message_line.h"

namespace exportgate::outcome {
namespace {

/// Whatever a value holds.
std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        if (c == '\n') {
            line += "\\n";
        } else if (c == '\r') {
            line += "\\r";
        } else {
            line += c;
        }
    }
    return line;
}

/// Of a class's context, which may have paths and addresses in it.
std::string neutral_on_one_line(const std::string& text) {
    return on_one_line(neutral_line(text));
}

void append_spec(const record::SpecNode& node, std::size_t depth, std::string& text) {
    text.append(2 * depth, ' ').append(neutral_on_one_line(node.type));
    if (!node.context.empty()) text.append(" ").append(neutral_on_one_line(node.context));
    text += '\n';
    for (const record::SpecNode& child : node.children)
        append_spec(child, depth + 1, text);
}

/// The place of the constant among the program's inputs; the number of inputs where it is none of
/// them.
std::size_t input_of(const record::Constant& constant, const graph::Canonical& program) {
    const auto found =
        std::find_if(program.inputs.begin(), program.inputs.end(),
                     [&](const graph::Input& input) { return input.target == constant.name; });
    return static_cast<std::size_t>(found - program.inputs.begin());
}

}  // namespace

std::string specs_and_constants(const record::Exported& exported, const graph::Canonical& program) {
    std::string text = "\nin_spec\n";
    append_spec(exported.in_spec, 1, text);
    text += "\nout_spec\n";
    append_spec(exported.out_spec, 1, text);

    std::vector<std::pair<std::size_t, std::string>> lines;
    for (const record::Constant& constant : exported.constants) {
        const std::size_t input = input_of(constant, program);
        std::string line = input < program.inputs.size() ? fmt::format("  %{}  ", input)
                                                         : std::string("  no input  ");
        line += fmt::format("{}[{}]", constant.dtype, fmt::join(constant.shape, ", "));
        // Numbers, never neutral: 15 digits are no address here.
        if (!constant.values.empty()) line += " = " + on_one_line(constant.values);
        if (!constant.same_as.empty()) line += ", the values of " + on_one_line(constant.same_as);
        lines.emplace_back(input, std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    text += lines.empty() ? "\nconstants\n  none\n" : "\nconstants\n";
    for (const auto& [input, line] : lines)
        text.append(line).append("\n");
    return text;
}

}  // namespace exportgate::outcome
