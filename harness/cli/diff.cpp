#include <iostream>

#include "commands.h"
#include "ended.h"
#include "graph/graph.h"
#include "prints.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

Ended diff(const std::string& a, const std::string& b) {
    if (a == "-" && b == "-") {
        return Error{"", 0, "only one of the two prints can come from standard input",
                     "name a file for the other"};
    }
    const Result<graph::Canonical> first = canonical_print(a);
    const Result<graph::Canonical> second = canonical_print(b);
    Errors unreadable;
    if (!first) unreadable.push_back(first.error());
    if (!second) unreadable.push_back(second.error());
    if (!unreadable.empty()) return unreadable;
    std::cerr << not_in_a_print << '\n';
    note_assumed_schemas(*first);
    if (first->assumed_schemas != second->assumed_schemas) note_assumed_schemas(*second);
    if (first->text == second->text) return print("same structure\n") ? good : cannot_judge;

    std::string text = "different structure\n";
    for (const graph::StructuralDifference& difference : graph::structural_diff(*first, *second))
        text += "  " + difference.words + "\n";
    text += "\n" + graph::text_diff(first->text, second->text);
    return print(text) ? verdict_fails : cannot_judge;
}

}  // namespace

void add_diff(CLI::App& app, int& exit_code) {
    auto files = std::make_shared<std::pair<std::string, std::string>>();
    CLI::App* command = app.add_subcommand(
        "diff",
        "Compare two printed ExportedPrograms: 0 same structure, 1 different, 2 unreadable");
    command->add_option("a", files->first, "A print, str(ep); - reads standard input")
        ->type_name("FILE")
        ->required();
    command->add_option("b", files->second, "Another")->type_name("FILE")->required();
    command->footer("Example:\n  exportgate diff torch-2.9.txt torch-2.13.txt");
    command->callback(
        [files, &exit_code] { exit_code = finish(diff(files->first, files->second)); });
}

}  // namespace exportgate::cli
