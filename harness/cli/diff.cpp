#include <iostream>

#include "archive/input_file.h"
#include "commands.h"
#include "diff_saved.h"
#include "ended.h"
#include "graph/graph.h"
#include "prints.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

struct DiffOptions {
    std::string a;
    std::string b;
    bool json = false;
};

Ended diff_prints(const graph::Canonical& first, const graph::Canonical& second) {
    std::cerr << not_in_a_print << '\n';
    note_assumed_schemas(first);
    if (first.assumed_schemas != second.assumed_schemas) note_assumed_schemas(second);
    if (first.text == second.text) return print("same structure\n") ? good : cannot_judge;

    std::string text = "different structure\n";
    for (const graph::StructuralDifference& difference : graph::structural_diff(first, second))
        text += "  " + difference.words + "\n";
    text += "\n" + graph::text_diff(first.text, second.text);
    return print(text) ? verdict_fails : cannot_judge;
}

/// Both, or the mistakes of both.
template <class Value, class Compare>
Ended with_both(const Result<Value>& first, const Result<Value>& second, const Compare& compare) {
    if (first && second) return compare(*first, *second);
    Errors unreadable;
    if (!first) unreadable.push_back(first.error());
    if (!second) unreadable.push_back(second.error());
    return unreadable;
}

Ended diff_inputs(const DiffOptions& options, const archive::InputFile& a,
                  const archive::InputFile& b) {
    if (a.is_zip && b.is_zip) return diff_saved(options.a, options.b, options.json);
    if (a.is_zip || b.is_zip) {
        return Error{archive::shown_input(a.is_zip ? options.b : options.a), 0,
                     "is no file of torch.export.save, and the other one is",
                     "compare two prints, or two saved programs"};
    }
    if (options.json) {
        return Error{archive::shown_input(options.a), 0, "is no file of torch.export.save",
                     "--json is for saved programs; two prints are compared without it"};
    }
    return with_both(graph::canonicalise(a.text, archive::shown_input(options.a)),
                     graph::canonicalise(b.text, archive::shown_input(options.b)), diff_prints);
}

Ended diff(const DiffOptions& options) {
    if (options.a == "-" && options.b == "-") {
        return Error{"", 0, "only one of the two prints can come from standard input",
                     "name a file for the other"};
    }
    return with_both(archive::read_input(options.a), archive::read_input(options.b),
                     [&](const archive::InputFile& a, const archive::InputFile& b) {
                         return diff_inputs(options, a, b);
                     });
}

}  // namespace

void add_diff(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* command = app.add_subcommand(
        "diff", "Compare two printed or saved ExportedPrograms: 0 same, 1 different, 2 unreadable");
    command
        ->add_option("a", options->a,
                     "A print, str(ep); - reads standard input. Or a file of torch.export.save")
        ->type_name("FILE")
        ->required();
    command->add_option("b", options->b, "Another")->type_name("FILE")->required();
    command->add_flag("--json", options->json, "The parts of two saved programs, for programs");
    command->footer(
        "Examples:\n  exportgate diff torch-2.9.txt torch-2.13.txt\n"
        "  exportgate diff before.pt2 after.pt2\n"
        "Saved programs are read without torch, and nothing in them is unpickled.");
    command->callback([options, &exit_code] { exit_code = finish(diff(*options)); });
}

}  // namespace exportgate::cli
