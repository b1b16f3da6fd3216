#include "accepting.h"
#include "commands.h"
#include "ended.h"
#include "golden/leftovers.h"
#include "judge_record.h"
#include "mistakes_in_accepting.h"
#include "pending_changes.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct AcceptOptions {
    Folders folders;
    std::vector<std::string> patterns;
    std::string record;
    std::string why;
    std::string when;
    std::string group;  // of the cells, only those with this change
    bool review = false;
    std::filesystem::path recordings;
};

Results<std::vector<Proposal>> proposals(const AcceptOptions& options, const Workspace& workspace,
                                         const std::vector<golden::Golden>& goldens,
                                         const std::vector<matrix::Cell>& selected) {
    if (options.record.empty()) return pending_proposals(goldens, workspace, selected);
    const Result<record::Record> record = read_record(options.record, workspace);
    if (!record) return tl::unexpected(Errors{record.error()});
    return proposals_from(*record, options.folders, workspace, goldens, selected);
}

/// A review shows what would be accepted, and accepts nothing.
std::optional<Error> mistake_in(const AcceptOptions& options) {
    if (!options.review) return refusal_under_ci();
    const std::string unused = !options.why.empty()     ? "--why"
                               : !options.group.empty() ? "--group"
                               : !options.when.empty()  ? "--when"
                                                        : "";
    if (unused.empty()) return std::nullopt;
    return Error{"", 0, unused + " is for accepting, and --review accepts nothing",
                 "leave one of them away"};
}

Ended accept(const AcceptOptions& options) {
    if (const std::optional<Error> mistake = mistake_in(options)) return *mistake;
    const Results<Workspace> workspace = load_workspace(options.folders, options.patterns);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.patterns);
    if (!selected) return selected.error();
    const run::Descriptor lock = lock_goldens(options.folders.golden);
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return goldens.error();
    if (!options.review) {
        for (const golden::Golden& golden : *goldens)
            golden::remove_leftovers(golden);
    }
    Results<std::vector<Proposal>> proposed = proposals(options, *workspace, *goldens, *selected);
    if (!proposed) return proposed.error();
    if (const Errors errors = case_errors(*proposed, *workspace); !errors.empty()) return errors;
    if (options.review) {
        // What cannot be accepted is no offer.
        if (const Errors errors = obstacles_to_accepting(*proposed, *workspace); !errors.empty())
            return errors;
        const std::string text =
            note_on_files(*proposed) + listing(change_groups(*proposed), *workspace);
        return print(text) ? good : cannot_judge;
    }
    if (!options.group.empty()) {
        if (const Result<void> kept = keep_group(options.group, *proposed); !kept)
            return kept.error();
    }
    Ended accepted = accept_all(*proposed, *workspace, options.why, options.when);
    if (accepted.exit_code() != good) return accepted;
    if (!print(how_to_see(*proposed))) return cannot_judge;
    return recheck(options.recordings, options.folders, *workspace, *goldens, *proposed);
}

}  // namespace

void add_accept(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<AcceptOptions>();
    CLI::App* command = app.add_subcommand(
        "accept",
        "Make what the last run saw, or a record holds, the expectation, after you have read it");
    command
        ->add_option("patterns", options->patterns,
                     "Globs on cell names; everything that differs where none is given")
        ->type_name("GLOB");
    command
        ->add_option("--record", options->record,
                     "Take the outcomes from this record, not from what the last run left pending")
        ->type_name("FILE");
    command->add_option("--why", options->why,
                        "Why the new outcomes are right; kept in expected.tsv");
    command->add_flag("--review", options->review,
                      "Show what would be accepted, each change once with the cells that share it, "
                      "and accept nothing");
    command->add_option("--group", options->group, "Accept only the cells with this change")
        ->type_name("NAME");
    command->add_option("--when", options->when,
                        "Only where this holds: \"python>=3.12\", \"optree==0.17.0\"; comma: and");
    add_folder_options(*command, options->folders, project);
    add_today_option(*command, options->folders.today);
    add_recordings_option(*command, options->recordings, project,
                          "Folder of records to judge again afterwards");
    command->footer(
        "Examples:\n  exportgate accept '*/module/strict/*' --why 'torch 2.13 exports Module "
        "inputs'\n  exportgate accept --record tests/recordings/2.9.1.jsonl '*/plain/strict/*' "
        "--why '...'\nA release is recorded once all its cells are as expected, in as many goes as "
        "there are reasons.");
    command->callback([options, &exit_code] { exit_code = finish(accept(*options)); });
}

}  // namespace exportgate::cli
