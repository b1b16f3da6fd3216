#include "verdict/upgrade.h"

#include "base/files.h"
#include "commands.h"
#include "report/upgrade_report.h"
#include "side.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct UpgradeOptions {
    std::filesystem::path cases = "cases";
    std::string before;
    std::string after;
    SideOptions sides;
    std::vector<std::string> only;
    bool strict = false;
};

int upgrade(const UpgradeOptions& options) {
    const Results<Workspace> workspace = load_workspace({options.cases, {}});
    if (!workspace) return print_errors(workspace.error()), cannot_judge;
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.only);
    if (!selected) return print_error(selected.error()), cannot_judge;
    const Result<record::Record> before = record_of_side(options.before, options.sides);
    const Result<record::Record> after = record_of_side(options.after, options.sides);
    if (!before) print_error(before.error());
    if (!after) print_error(after.error());
    if (!before || !after) return cannot_judge;
    const verdict::Upgrade compared =
        verdict::upgrade(*before, *after, workspace->cases, *selected, options.strict);
    if (!print(report::upgrade_console(compared, console_style()))) return cannot_judge;
    return compared.judged.exit_code;
}

}  // namespace

void add_upgrade(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<UpgradeOptions>();
    CLI::App* command = app.add_subcommand(
        "upgrade", "What a move from torch A to torch B makes better, worse or different");
    command
        ->add_option("A", options->before,
                     "The torch you are on: a record, or a release that is recorded")
        ->required();
    command->add_option("B", options->after, "The torch you want to move to")->required();
    command->add_option("--only", options->only,
                        "Globs on cell names; all cells where none is given");
    command->add_flag("--strict", options->strict, "Fail on changes to review, too");
    command->add_option("--cases", options->cases, "Folder with the cases")->capture_default_str();
    command
        ->add_option("--recordings", options->sides.recordings,
                     "Folder of records, each named by its torch release")
        ->capture_default_str();
    command->footer("Example:\n  exportgate upgrade 2.8.0 2.10.0 --only '*/module/*'");
    command->callback([options, &exit_code] { exit_code = upgrade(*options); });
}

}  // namespace exportgate::cli
