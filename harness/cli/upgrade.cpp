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
    std::filesystem::path markdown;
    std::filesystem::path json;
    std::filesystem::path junit;
};

/// Writes the reports that were asked for. Errors name the file.
Result<void> write_upgrade_reports(const UpgradeOptions& options,
                                   const verdict::Upgrade& compared) {
    if (!options.markdown.empty()) {
        if (Result<void> written = write_file(options.markdown, report::upgrade_markdown(compared));
            !written)
            return written;
    }
    if (!options.json.empty()) {
        if (Result<void> written = write_file(options.json, report::upgrade_json(compared));
            !written)
            return written;
    }
    if (!options.junit.empty()) return write_file(options.junit, report::upgrade_junit(compared));
    return {};
}

bool was_interrupted(const FoundSide& side) {
    if (!side.observed || side.record.footer.reason != "interrupted") return false;
    print_error({side.record.file, 0, "interrupted; nothing was compared", "run again"});
    return true;
}

int upgrade(const UpgradeOptions& options) {
    const Results<Workspace> workspace = load_workspace({options.cases, {}});
    if (!workspace) return print_errors(workspace.error()), cannot_judge;
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.only);
    if (!selected) return print_error(selected.error()), cannot_judge;
    const Results<FoundSide> before =
        find_side(options.before, options.sides, *workspace, *selected);
    if (before && was_interrupted(*before)) return interrupted;
    const bool is_same = options.before == options.after;
    const Results<FoundSide> after =
        is_same ? before : find_side(options.after, options.sides, *workspace, *selected);
    if (after && was_interrupted(*after)) return interrupted;
    if (!before) print_errors(before.error());
    if (!after && !is_same) print_errors(after.error());
    if (!before || !after) return cannot_judge;
    verdict::Upgrade compared = verdict::upgrade(before->record, after->record, workspace->cases,
                                                 *selected, options.strict);
    compared.before.origin = before->origin;
    compared.after.origin = after->origin;
    // Files first: a reader of the terminal who has seen enough (`| head`) ends the process.
    const Result<void> written = write_upgrade_reports(options, compared);
    if (!print(report::upgrade_console(compared, console_style()))) return cannot_judge;
    if (!written) return print_error(written.error()), cannot_judge;
    return compared.judged.exit_code;
}

}  // namespace

void add_upgrade(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<UpgradeOptions>();
    CLI::App* command = app.add_subcommand(
        "upgrade", "What a move from torch A to torch B makes better, worse or different");
    command
        ->add_option("A", options->before,
                     "The torch you are on: a record's file, an environment, or a torch release")
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
    command
        ->add_option("--markdown", options->markdown,
                     "Write a comment for a pull request, in Markdown")
        ->type_name("FILE");
    command->add_option("--json", options->json, "Write the comparison as JSON")->type_name("FILE");
    command
        ->add_option("--junit", options->junit,
                     "Write a JUnit report, one testcase per cell; what regressed is a failure")
        ->type_name("FILE");
    add_observing_options(*command, options->sides.how);
    command->footer("Example:\n  exportgate upgrade 2.8.0 2.10.0 --only '*/module/*'");
    command->callback([options, &exit_code] { exit_code = upgrade(*options); });
}

}  // namespace exportgate::cli
