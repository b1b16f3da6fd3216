#include "show_program.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "base/text.h"
#include "graph/graph.h"
#include "outcome/dims_check.h"
#include "record/observed_schemas.h"

namespace exportgate::cli {
namespace {

const std::string exported_name = "exported";
const std::string decomposed_name = "decomposed";

const std::string& print_of(const record::Exported& exported, const std::string& name) {
    if (name == "loaded") return exported.loaded;
    if (name == decomposed_name) return exported.decomposed;
    if (name == "retraced") return exported.retraced;
    return exported.print;
}

std::string two_deeper(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    std::string all;
    for (const std::string_view line : split(text, '\n')) {
        if (!line.empty()) all += "  " + printable(line);
        all += '\n';
    }
    return all;
}

}  // namespace

const std::vector<std::string>& program_names() {
    static const std::vector<std::string> names{exported_name, "loaded", decomposed_name,
                                                "retraced"};
    return names;
}

std::string program_difference(const std::string& from, const std::string& from_name,
                               const std::string& to, const std::string& to_name) {
    if (from == to) return "the same graph\n";
    const std::string diff = graph::text_diff(from, to);
    const auto second_line_end = diff.find('\n', diff.find('\n') + 1);
    return fmt::format("--- {}\n+++ {}{}", from_name, to_name, diff.substr(second_line_end));
}

Result<std::string> printed_program(const record::Observation* observation, const std::string& cell,
                                    const std::string& name, const std::string& file) {
    const auto* exported =
        observation == nullptr ? nullptr : std::get_if<record::Exported>(&observation->result);
    if (exported == nullptr) {
        return tl::unexpected(
            Error{file, 0, fmt::format("holds no exported program of {}", cell),
                  "leave --print and --program away, to see what became of the cell"});
    }
    if (print_of(*exported, name).empty()) {
        return tl::unexpected(Error{file, 0, fmt::format("holds no {} program of {}", name, cell),
                                    "leave --program away: a check says why there is none"});
    }
    return print_of(*exported, name);
}

Result<std::string> shown_program(const std::string& print, const std::string& name,
                                  const matrix::Case& case_, const record::Exported& exported,
                                  const verdict::Judgement& judgement) {
    const auto requested = outcome::requested_dims(case_, judgement.cell.dims);
    const std::string cell = judgement.cell.name();
    const auto schemas = record::observed_schemas(exported);
    const auto program = graph::canonicalise(print, cell + ", " + name, requested, schemas);
    if (!program) return tl::unexpected(program.error());
    const auto original = graph::canonicalise(exported.print, cell, requested, schemas);
    if (!original) return tl::unexpected(original.error());

    std::string text =
        fmt::format("{}: the {} program\n\n{}", cell, name, two_deeper(program->text));
    if (name != exported_name) {
        text += fmt::format(
            "\nagainst the exported program\n{}",
            two_deeper(program_difference(original->text, exported_name, program->text, name)));
    }
    if (name != decomposed_name) return text;
    text += fmt::format("\nexpected ({})\n", printable(judgement.expectation));
    const bool has_golden = judgement.expected && !judgement.expected->decomposed.empty();
    return text + (has_golden
                       ? two_deeper(program_difference(judgement.expected->decomposed, "expected",
                                                       program->text, "observed"))
                       : std::string("  nothing\n"));
}

}  // namespace exportgate::cli
