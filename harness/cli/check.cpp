#include <fmt/format.h>

#include <algorithm>

#include "commands.h"
#include "judging.h"
#include "record/record_file.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct CheckOptions {
    Folders folders;
    ReportFiles reports;
    std::vector<std::string> records;
    std::vector<std::string> only;
};

/// The worst exit code: what could not be judged outweighs what fails.
int worst(int a, int b) {
    return std::max(a, b);
}

int check_record(const CheckOptions& options, const std::string& file, const Workspace& workspace,
                 const std::vector<golden::Golden>& goldens,
                 const std::vector<matrix::Cell>& selected) {
    const Result<record::Record> record = record::read_record(file);
    if (!record) return print_error(record.error()), cannot_judge;
    const verdict::Judged judged =
        judge_record(*record, options.folders, workspace, goldens, selected);
    if (options.records.size() > 1 && !print(file + "\n")) return cannot_judge;
    if (!print(report::console(judged, console_style()))) return cannot_judge;
    if (Result<void> written = write_reports(options.reports, judged); !written) {
        return print_error(written.error()), cannot_judge;
    }
    return judged.exit_code;
}

int check(const CheckOptions& options) {
    const bool writes = !options.reports.junit.empty() || !options.reports.json.empty() ||
                        !options.reports.outcomes.empty();
    if (writes && options.records.size() > 1) {
        print_error(
            {"", 0, "a report holds one record, and several were given", "check them one by one"});
        return cannot_judge;
    }
    const Results<Workspace> workspace = load_workspace(options.folders);
    if (!workspace) return print_errors(workspace.error()), cannot_judge;
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.only);
    if (!selected) return print_error(selected.error()), cannot_judge;
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return print_errors(goldens.error()), cannot_judge;
    int exit_code = good;
    for (const std::string& file : options.records) {
        exit_code = worst(exit_code, check_record(options, file, *workspace, *goldens, *selected));
    }
    return exit_code;
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App* command = app.add_subcommand("check", "Judge records again, without torch");
    command->add_option("records", options->records, "Record files that `run` wrote")->required();
    command->add_option("--only", options->only,
                        "Globs on cell names; all cells where none is given");
    add_folder_options(*command, options->folders);
    add_report_options(*command, options->reports);
    command->footer("Example:\n  exportgate check .exportgate/last.jsonl --only '*/native/*'");
    command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace exportgate::cli
