#include <iostream>

#include "archive/input_file.h"
#include "base/text.h"
#include "commands.h"
#include "ended.h"
#include "graph/graph.h"
#include "prints.h"
#include "terminal.h"

namespace exportgate::cli {

void note_assumed_schemas(const graph::Canonical& canonical) {
    if (canonical.assumed_schemas.empty()) return;
    std::cerr << "note: schema assumed of " << join(canonical.assumed_schemas, ", ")
              << ": a print does not say what operands are by default\n";
}

namespace {

Ended normalize(const std::string& file) {
    const Result<archive::InputFile> input = archive::read_input(file);
    if (!input) return input.error();
    if (input->is_zip) {
        return Error{file, 0, "is a zip file, and no print of a program",
                     "`exportgate diff` compares saved programs"};
    }
    const Result<graph::Canonical> canonical =
        graph::canonicalise(input->text, archive::shown_input(file));
    if (!canonical) return canonical.error();
    if (!print(canonical->text)) return cannot_judge;
    std::cerr << not_in_a_print << '\n';
    note_assumed_schemas(*canonical);
    return good;
}

}  // namespace

void add_normalize(CLI::App& app, int& exit_code) {
    auto file = std::make_shared<std::string>();
    CLI::App* command =
        app.add_subcommand("normalize", "Print the canonical form of a printed ExportedProgram");
    command->add_option("file", *file, "The print, str(ep); - reads standard input")
        ->type_name("FILE")
        ->required();
    command->footer("Example:\n  python my_export.py | exportgate normalize -");
    command->callback([file, &exit_code] { exit_code = finish(normalize(*file)); });
}

}  // namespace exportgate::cli
