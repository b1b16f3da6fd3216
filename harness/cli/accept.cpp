#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "commands.h"
#include "judging.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct AcceptOptions {
    Folders folders;
    std::vector<std::string> patterns;
    std::string why;
    std::filesystem::path recordings = "tests/recordings";
};

struct Waiting {
    golden::Golden golden;
    golden::PendingFile file;
    std::vector<golden::Pending> chosen;
};

/// Of every case, what is pending and was selected.
Results<std::vector<Waiting>> waiting_for(const std::vector<golden::Golden>& goldens,
                                          const std::vector<matrix::Cell>& selected) {
    std::set<std::string> names;
    for (const matrix::Cell& cell : selected)
        names.insert(cell.name());
    std::vector<Waiting> all;
    Errors errors;
    for (const golden::Golden& golden : goldens) {
        Results<std::optional<golden::PendingFile>> pending = golden::load_pending(golden);
        if (!pending) {
            errors.insert(errors.end(), pending.error().begin(), pending.error().end());
            continue;
        }
        if (!*pending) continue;
        Waiting waiting{golden, std::move(**pending), {}};
        for (const golden::Pending& each : waiting.file.pending) {
            if (names.contains(golden.case_name + "/" + each.cell)) waiting.chosen.push_back(each);
        }
        if (!waiting.chosen.empty()) all.push_back(std::move(waiting));
    }
    if (!errors.empty()) return tl::unexpected(errors);
    return all;
}

/// Judges every recording under the new goldens and says how each stands.
int recheck(const AcceptOptions& options, const Workspace& workspace) {
    std::error_code ignored;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(options.recordings, ignored)) {
        if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, workspace);
    if (!goldens) return print_errors(goldens.error()), cannot_judge;
    for (const std::filesystem::path& file : files) {
        const Result<record::Record> record = record::read_record(file);
        if (!record) return print_error(record.error()), cannot_judge;
        const verdict::Judged judged =
            judge_record(*record, options.folders, workspace, *goldens, workspace.cells);
        const auto failing = std::count_if(judged.judgements.begin(), judged.judgements.end(),
                                           [](const auto& judgement) {
                                               return verdict::info(judgement.verdict).fails ||
                                                      verdict::info(judgement.verdict).cannot_judge;
                                           });
        print(fmt::format("{}: torch {}, {} of {} cells as expected\n", file.string(),
                          judged.environment.torch,
                          static_cast<std::ptrdiff_t>(judged.judgements.size()) - failing,
                          judged.judgements.size()));
    }
    return good;
}

int accept(const AcceptOptions& options) {
    const Results<Workspace> workspace = load_workspace(options.folders);
    if (!workspace) return print_errors(workspace.error()), cannot_judge;
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.patterns);
    if (!selected) return print_error(selected.error()), cannot_judge;
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return print_errors(goldens.error()), cannot_judge;
    const Results<std::vector<Waiting>> waiting = waiting_for(*goldens, *selected);
    if (!waiting) return print_errors(waiting.error()), cannot_judge;
    if (waiting->empty()) {
        print_error({"", 0, "nothing is pending for these cells",
                     "`exportgate run` leaves what differs from the goldens pending"});
        return cannot_judge;
    }
    for (const Waiting& each : *waiting) {
        const Result<golden::Accepted> accepted =
            golden::accept(each.golden, each.file.environment, each.chosen, options.why);
        if (!accepted) return print_error(accepted.error()), cannot_judge;
        std::string text;
        for (const std::string& line : accepted->changed)
            text += line + "\n";
        for (const std::string& line : accepted->restored)
            text += line + "\n";
        for (const std::string& line : accepted->notices)
            text += line + "\n";
        text += fmt::format("{}: {} cells accepted for torch {}; review with `git diff {}`\n",
                            each.golden.case_name, each.chosen.size(), each.file.environment.torch,
                            accepted->golden.directory.string());
        if (!print(text)) return cannot_judge;
    }
    return recheck(options, *workspace);
}

}  // namespace

void add_accept(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<AcceptOptions>();
    CLI::App* command = app.add_subcommand(
        "accept", "Make what the last run saw the expectation, after you have read it");
    command->add_option("patterns", options->patterns,
                        "Globs on cell names; everything pending where none is given");
    command->add_option("--why", options->why, "Why the new outcome is right; kept in expected.tsv")
        ->required();
    add_folder_options(*command, options->folders);
    command
        ->add_option("--recordings", options->recordings,
                     "Folder of records to judge again afterwards")
        ->capture_default_str();
    command->footer(
        "Example:\n  exportgate accept '*/module/strict/*' --why 'torch 2.13 exports Module "
        "inputs'");
    command->callback([options, &exit_code] { exit_code = accept(*options); });
}

}  // namespace exportgate::cli
