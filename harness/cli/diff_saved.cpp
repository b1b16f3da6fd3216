#include "diff_saved.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "archive/compare_interface.h"
#include "archive/comparison.h"
#include "base/printable.h"
#include "base/text.h"
#include "commands.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

std::string torch_of(const archive::SavedProgram& program) {
    const std::string torch = archive::torch_of(program.models.begin()->second);
    return torch.empty() ? "a torch that does not say which" : "torch " + torch;
}

/// Parts that are unreadable outweigh others: nothing is judged by halves.
ExitCode code_of(const archive::Comparison& comparison) {
    if (comparison.has(archive::Found::unreadable)) return cannot_judge;
    return comparison.has(archive::Found::different) ? verdict_fails : good;
}

/// Nothing in a file begins a line of the report.
std::string in_one_line(std::string line) {
    for (std::size_t at = 0; (at = line.find_first_of("\n\r", at)) != std::string::npos; at += 2)
        line.replace(at, 1, line[at] == '\n' ? "\\n" : "\\r");
    return line;
}

std::string names_of(const archive::Comparison& comparison, archive::Found found) {
    std::vector<std::string> names;
    for (const archive::Part& part : comparison.parts)
        if (part.found == found) names.push_back(part.name);
    return join(names, ", ");
}

void add_parts(const archive::Comparison& comparison, archive::Found found, const char* title,
               std::string& text) {
    for (const archive::Part& part : comparison.parts) {
        if (part.found != found) continue;
        text += fmt::format("{}  {}\n", title, part.name);
        for (const std::string& line : part.lines)
            text += "  " + in_one_line(line) + "\n";
    }
}

std::string sentence(const archive::Comparison& comparison) {
    if (comparison.has(archive::Found::unreadable))
        return "cannot be judged: a part cannot be read";
    if (comparison.has(archive::Found::different)) return "different programs";
    return comparison.has(archive::Found::not_compared) ? "same program, as far as both files say"
                                                        : "same program";
}

std::string as_text(const archive::Comparison& comparison, const archive::SavedProgram& a,
                    const archive::SavedProgram& b) {
    std::string text =
        fmt::format("{}\n  a  {}: saved by {}\n  b  {}: saved by {}\n", sentence(comparison),
                    a.file->shown(), torch_of(a), b.file->shown(), torch_of(b));
    add_parts(comparison, archive::Found::unreadable, "UNREADABLE", text);
    add_parts(comparison, archive::Found::different, "DIFFERENT", text);
    add_parts(comparison, archive::Found::not_compared, "NOT COMPARED", text);
    add_parts(comparison, archive::Found::file_only, "OF THE FILE ONLY", text);
    if (const std::string same = names_of(comparison, archive::Found::same); !same.empty())
        text += "SAME  " + same + "\n";
    if (!comparison.graph_diff.empty()) text += "\n" + comparison.graph_diff;
    return printable(text);
}

std::string as_json_text(const archive::Comparison& comparison, const archive::SavedProgram& a,
                         const archive::SavedProgram& b) {
    using Json = nlohmann::ordered_json;
    const auto side = [](const archive::SavedProgram& program) {
        return Json{{"file", program.file->shown()},
                    {"torch", archive::torch_of(program.models.begin()->second)}};
    };
    Json parts = Json::array();
    for (const archive::Part& part : comparison.parts)
        parts.push_back(Json{
            {"name", part.name}, {"found", archive::to_string(part.found)}, {"lines", part.lines}});
    const Json json{{"format", 1},
                    {"exit_code", static_cast<int>(code_of(comparison))},
                    {"a", side(a)},
                    {"b", side(b)},
                    {"parts", std::move(parts)},
                    {"graph_diff", comparison.graph_diff}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Ended diff_saved(const std::string& a, const std::string& b, bool as_json) {
    const Result<archive::SavedProgram> first = archive::read_saved_program(a);
    const Result<archive::SavedProgram> second = archive::read_saved_program(b);
    Errors unreadable;
    if (!first) unreadable.push_back(first.error());
    if (!second) unreadable.push_back(second.error());
    if (!unreadable.empty()) return unreadable;
    const archive::Comparison comparison = archive::compare(*first, *second);
    const std::string text =
        as_json ? as_json_text(comparison, *first, *second) : as_text(comparison, *first, *second);
    return print(text) ? code_of(comparison) : cannot_judge;
}

}  // namespace exportgate::cli
