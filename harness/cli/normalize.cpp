#include <iostream>
#include <iterator>

#include "base/files.h"
#include "base/text.h"
#include "commands.h"
#include "ended.h"
#include "graph/graph.h"
#include "prints.h"
#include "terminal.h"

namespace exportgate::cli {

Result<graph::Canonical> canonical_print(const std::string& file) {
    std::string text;
    if (file == "-") {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
    } else {
        Result<std::string> content = read_file(file);
        if (!content) return tl::unexpected(content.error());
        text = std::move(*content);
    }
    return graph::canonicalise(text, file == "-" ? "<standard input>" : file);
}

void note_assumed_schemas(const graph::Canonical& canonical) {
    if (canonical.assumed_schemas.empty()) return;
    std::cerr << "note: schema assumed of " << join(canonical.assumed_schemas, ", ")
              << ": a print does not say what operands are by default\n";
}

namespace {

Ended normalize(const std::string& file) {
    const Result<graph::Canonical> canonical = canonical_print(file);
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
