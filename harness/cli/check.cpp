#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "commands.h"
#include "document/console.h"
#include "ended.h"
#include "judge_record.h"
#include "outputs.h"
#include "record/record_file.h"
#include "report/summary.h"
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

/// One record is shown in full; of several, those that fail. nullopt, with a message, where a
/// report or standard output cannot be written.
std::optional<report::RecordSummary> check_record(const CheckOptions& options,
                                                  const std::string& file,
                                                  const Workspace& workspace,
                                                  const std::vector<golden::Golden>& goldens,
                                                  const std::vector<matrix::Cell>& selected) {
    const Result<record::Record> record = read_record(file, workspace);
    if (!record) {
        print_error(record.error());
        return report::unreadable(file);
    }
    const verdict::Judged judged =
        judge_record(*record, options.folders, workspace, goldens, selected);
    const bool alone = options.records.size() == 1;
    std::string text;
    if (!alone && judged.exit_code != good) text = file + "\n";
    if (alone || judged.exit_code != good) text += report::console(judged, console_style());
    text += seed_notes(*record, workspace, goldens, selected);
    if (!alone && judged.exit_code != good) text += "\n";
    if (!print(text)) return std::nullopt;
    if (Result<void> written = write_reports(options.reports, judged); !written) {
        print_error(written.error());
        return std::nullopt;
    }
    return report::summarise(file, judged);
}

Ended check(const CheckOptions& options) {
    const bool writes = !options.reports.junit.empty() || !options.reports.json.empty() ||
                        !options.reports.outcomes.empty();
    if (writes && options.records.size() > 1) {
        return Error{"", 0, "a report holds one record, and several were given",
                     "check them one by one"};
    }
    const ReportFiles& reports = options.reports;
    const std::vector<Output> outputs{
        {"--junit", reports.junit}, {"--json", reports.json}, {"--outcomes", reports.outcomes}};
    const std::vector<std::filesystem::path> inputs(options.records.begin(), options.records.end());
    if (const std::optional<Error> error = overwritten(outputs, inputs)) return *error;
    const Results<Workspace> workspace = load_workspace(options.folders, options.only);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.only);
    if (!selected) return selected.error();
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return goldens.error();
    std::vector<report::RecordSummary> summaries;
    int exit_code = good;
    for (const std::string& file : options.records) {
        std::optional<report::RecordSummary> summary =
            check_record(options, file, *workspace, *goldens, *selected);
        if (!summary) return cannot_judge;
        // What could not be judged outweighs what fails.
        exit_code = std::max(exit_code, summary->exit_code);
        summaries.push_back(std::move(*summary));
    }
    if (summaries.size() == 1) return exit_code;
    report::sort_by_release(summaries);
    const std::string text =
        document::console({report::summary_lines(summaries), report::summary_sentence(summaries)},
                          {console_style().colour, console_style().width});
    return print(text) ? exit_code : cannot_judge;
}

}  // namespace

void add_check(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App* command = app.add_subcommand("check", "Judge records again, without torch");
    command->add_option("records", options->records, "Record files that `run` wrote")
        ->type_name("FILE")
        ->required();
    command
        ->add_option("--only", options->only, "Globs on cell names; all cells where none is given")
        ->type_name("GLOB");
    add_folder_options(*command, options->folders, project);
    add_today_option(*command, options->folders.today);
    add_report_options(*command, options->reports);
    command->footer(
        "Examples:\n  exportgate check .exportgate/last.jsonl --only '*/native/*'\n"
        "  exportgate check tests/recordings/*.jsonl");
    command->callback([options, &exit_code] { exit_code = finish(check(*options)); });
}

}  // namespace exportgate::cli
