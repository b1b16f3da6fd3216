#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <variant>

#include "commands.h"
#include "ended.h"
#include "observe_cells.h"
#include "run/digest.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct ListOptions {
    Folders folders;
    std::vector<std::string> patterns;
    bool json = false;
    bool inputs_digest = false;
    Observing how;
};

std::string as_json(const std::vector<matrix::Cell>& cells,
                    const std::vector<matrix::Case>& cases) {
    using Json = nlohmann::ordered_json;
    std::map<std::string, Json> parameters;
    for (const matrix::Case& one : cases) {
        Json& values = parameters[one.name] = Json::object();
        for (const matrix::Parameter& each : one.parameters)
            values[each.name] =
                std::visit([](const auto& plain) { return Json(plain); }, each.value);
    }
    Json all = Json::array();
    for (const matrix::Cell& cell : cells) {
        all.push_back({{"name", cell.name()},
                       {"case", cell.case_name},
                       {"kind", matrix::to_string(cell.kind)},
                       {"mode", matrix::to_string(cell.mode)},
                       {"dims", matrix::to_string(cell.dims)},
                       {"pair", cell.pair}});
        const Json& values = parameters.at(cell.case_name);
        if (!values.empty()) all.back()["parameters"] = values;
    }
    return all.dump(2) + "\n";
}

Ended print_inputs_digest(const ListOptions& options, const Workspace& workspace) {
    const Results<std::filesystem::path> worker = worker_of(options.how, workspace.cases);
    if (!worker) return worker.error();
    const Result<std::string> digest = run::inputs_digest(workspace.cases, *worker);
    if (!digest) return digest.error();
    return print(*digest + "\n") ? good : cannot_judge;
}

Ended list(const ListOptions& options) {
    const Results<Workspace> workspace = load_workspace(options.folders, options.patterns);
    if (!workspace) return workspace.error();
    if (options.inputs_digest) return print_inputs_digest(options, *workspace);
    const Result<std::vector<matrix::Cell>> cells =
        matrix::select(workspace->cells, options.patterns);
    if (!cells) return cells.error();
    std::string text;
    if (options.json) {
        text = as_json(*cells, workspace->cases);
    } else {
        for (const matrix::Cell& cell : *cells)
            text += cell.name() + "\n";
    }
    return print(text) ? good : cannot_judge;
}

}  // namespace

void add_list(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* command = app.add_subcommand("list", "Print the cells of the matrix, one a line");
    command
        ->add_option("patterns", options->patterns,
                     "Globs on cell names; all cells where none is given")
        ->type_name("GLOB");
    command->add_flag("--json", options->json, "Print a JSON array of objects");
    command->add_flag("--inputs-digest", options->inputs_digest,
                      "Print, instead of cells, the digest of all that records depend on besides "
                      "torch and Python: cases and worker");
    add_environments_option(*command, options->how.environments);
    options->how.project = project;
    options->how.environment = project.environment;
    command->add_option("--env", options->how.environment, "Environment whose worker is meant")
        ->type_name("NAME")
        ->capture_default_str();
    add_cases_option(*command, options->folders, project);
    command->footer("Example:\n  exportgate list '*/module/strict/*'");
    command->callback([options, &exit_code] { exit_code = finish(list(*options)); });
}

}  // namespace exportgate::cli
