#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "commands.h"
#include "ended.h"
#include "outputs.h"
#include "recorded.h"
#include "report/releases_page.h"
#include "terminal.h"
#include "verdict/upgrade.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct MatrixOptions {
    Folders folders;
    std::filesystem::path recordings;
    std::vector<std::string> records;
    std::vector<std::string> only;
    std::filesystem::path markdown;
    std::filesystem::path json;
};

/// All *.jsonl of the folder, where no record was named.
Result<std::vector<std::string>> record_files(const MatrixOptions& options) {
    if (!options.records.empty()) return options.records;
    std::vector<std::string> files;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(options.recordings, failed)) {
        if (entry.path().extension() == ".jsonl") files.push_back(entry.path().string());
    }
    if (failed) {
        return tl::unexpected(Error{options.recordings.string(), 0,
                                    "cannot be listed: " + failed.message(),
                                    "name record files, or their folder with --recordings"});
    }
    if (files.empty()) {
        return tl::unexpected(Error{options.recordings.string(), 0, "holds no record (*.jsonl)",
                                    "name record files, or their folder with --recordings"});
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// One line for each reason why cells of a release were not observed, except for those that
/// `problems` has already.
void add_unobserved(const record::Record& record, const verdict::Release& release,
                    const std::vector<matrix::Cell>& cells, Errors& problems) {
    std::map<std::string, std::vector<std::string>> by_reason;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const verdict::CellSeen& seen = release.cells[i];
        if (!seen.outcome && !seen.reason.empty())
            by_reason[seen.reason].push_back(cells[i].name());
    }
    for (const auto& [why, names] : by_reason) {
        const std::string& reason = why;
        const bool is_said =
            std::any_of(problems.begin(), problems.end(), [&](const Error& problem) {
                return problem.file == record.file && problem.what.starts_with(reason);
            });
        if (is_said) continue;
        problems.push_back(
            {record.file, 0,
             fmt::format("{} not observed, the first is {}: {}",
                         names.size() == 1 ? std::string("1 cell was")
                                           : fmt::format("{} cells were", names.size()),
                         names.front(), reason),
             "record it again"});
    }
}

/// What each release makes of the programs that the one before it saved, where its record says it.
std::vector<report::ProgramsPart> saved_programs(const std::vector<Recorded>& records,
                                                 const Workspace& workspace,
                                                 const std::vector<matrix::Cell>& selected) {
    std::vector<report::ProgramsPart> parts;
    for (std::size_t i = 1; i < records.size(); ++i) {
        const auto& observations = records[i].record.observations;
        const bool says_it = std::any_of(observations.begin(), observations.end(),
                                         [](const auto& each) { return each.earlier.has_value(); });
        if (!says_it) continue;
        const verdict::Upgrade upgrade = verdict::upgrade(records[i - 1].record, records[i].record,
                                                          workspace.cases, selected, false);
        report::ProgramsPart part = report::programs_on_page(upgrade);
        if (!part.headline.empty()) parts.push_back(std::move(part));
    }
    return parts;
}

std::string record_line(const record::Record& record) {
    const auto& environment = record.header.environment;
    return fmt::format("{}, Python {}, {}", environment.torch_build, environment.python,
                       environment.platform);
}

/// As a person would type it, without the files of a shell's glob.
std::string command_line(const MatrixOptions& options) {
    std::string command = "exportgate matrix";
    if (!options.records.empty()) command += " RECORD...";
    for (const std::string& pattern : options.only)
        command += " --only '" + pattern + "'";
    return command + " --markdown FILE";
}

Result<void> write_pages(const MatrixOptions& options, const report::ReleasesTable& table,
                         const std::vector<Recorded>& records) {
    if (!options.markdown.empty()) {
        std::vector<std::string> lines;
        for (const Recorded& each : records)
            lines.push_back(record_line(each.record));
        if (Result<void> written = write_file(
                options.markdown, report::releases_markdown(table, command_line(options), lines));
            !written)
            return written;
    }
    if (options.json.empty()) return {};
    return write_file(options.json, report::releases_json(table));
}

Ended print_matrix(const MatrixOptions& options) {
    const Results<Workspace> workspace =
        load_workspace(options.folders, options.only, WhereBroken::leave_out);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, workspace->patterns);
    if (!selected) return selected.error();
    const Result<std::vector<std::string>> files = record_files(options);
    if (!files) return files.error();
    const std::vector<Output> outputs{{"--markdown", options.markdown}, {"--json", options.json}};
    const std::vector<std::filesystem::path> inputs(files->begin(), files->end());
    if (const std::optional<Error> error = overwritten(outputs, inputs)) return *error;
    const Results<std::vector<Recorded>> records = read_records(*files, *workspace);
    if (!records) return records.error();

    std::vector<verdict::Release> releases;
    Errors problems;
    for (std::size_t i = 0; i < records->size(); ++i) {
        const record::Record& record = (*records)[i].record;
        releases.push_back(
            read_release(record, *workspace, *selected, column_name(*records, i), problems));
        add_unobserved(record, releases.back(), *selected, problems);
    }
    report::ReleasesTable table = report::releases_table(workspace->cases, *selected, releases);
    table.programs = saved_programs(*records, *workspace, *selected);
    const bool writes = !options.markdown.empty() || !options.json.empty();
    // The files before the terminal, whose reader may leave (`| head`).
    if (writes && !workspace->broken.empty()) {
        problems.push_back({(options.markdown.empty() ? options.json : options.markdown).string(),
                            0,
                            "not written: a page without a case that is declared would be read "
                            "as a page of all",
                            "mend case.toml, or name other cells with --only"});
    } else if (Result<void> written = write_pages(options, table, *records); !written) {
        return written.error();
    }
    if (!print(report::releases_console(table, console_style()))) return cannot_judge;
    const bool complete = problems.empty() && workspace->broken.empty();
    return {complete ? good : cannot_judge, std::move(problems)};
}

}  // namespace

void add_matrix(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<MatrixOptions>();
    CLI::App* command =
        app.add_subcommand("matrix", "Cells x torch releases, from records, on one page");
    command
        ->add_option("records", options->records,
                     "Record files that `run` wrote; all of --recordings where none is given")
        ->type_name("FILE");
    add_recordings_option(*command, options->recordings, project, "Folder with records, *.jsonl");
    add_cases_option(*command, options->folders, project);
    command
        ->add_option(
            "--only", options->only,
            "Glob on cell names, may be given several times; all cells where none is given")
        ->type_name("GLOB")
        ->allow_extra_args(false);  // what follows is a record
    command->add_option("--markdown", options->markdown, "Write the page as Markdown")
        ->type_name("FILE");
    command->add_option("--json", options->json, "Write the table as JSON")->type_name("FILE");
    command->footer("Example:\n  exportgate matrix --markdown docs/releases.md");
    command->callback([options, &exit_code] { exit_code = finish(print_matrix(*options)); });
}

}  // namespace exportgate::cli
