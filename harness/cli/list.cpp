#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct ListOptions {
    Folders folders;
    std::vector<std::string> patterns;
    bool json = false;
};

std::string as_json(const std::vector<matrix::Cell>& cells) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const matrix::Cell& cell : cells) {
        all.push_back({{"name", cell.name()},
                       {"case", cell.case_name},
                       {"kind", matrix::to_string(cell.kind)},
                       {"mode", matrix::to_string(cell.mode)},
                       {"dims", matrix::to_string(cell.dims)},
                       {"pair", cell.pair}});
    }
    return all.dump(2) + "\n";
}

int list(const ListOptions& options) {
    const Results<Workspace> workspace = load_workspace(options.folders);
    if (!workspace) return print_errors(workspace.error()), cannot_judge;
    const Result<std::vector<matrix::Cell>> cells =
        matrix::select(workspace->cells, options.patterns);
    if (!cells) return print_error(cells.error()), cannot_judge;
    std::string text;
    if (options.json) {
        text = as_json(*cells);
    } else {
        for (const matrix::Cell& cell : *cells)
            text += cell.name() + "\n";
    }
    return print(text) ? good : cannot_judge;
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* command = app.add_subcommand("list", "Print the cells of the matrix, one a line");
    command->add_option("patterns", options->patterns,
                        "Globs on cell names; all cells where none is given");
    command->add_flag("--json", options->json, "Print a JSON array of objects");
    add_folder_options(*command, options->folders);
    command->footer("Example:\n  exportgate list '*/module/strict/*'");
    command->callback([options, &exit_code] { exit_code = list(*options); });
}

}  // namespace exportgate::cli
