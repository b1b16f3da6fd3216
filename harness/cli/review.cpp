#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accepting.h"
#include "commands.h"
#include "ended.h"
#include "judge_record.h"
#include "keyboard.h"
#include "mistakes_in_accepting.h"
#include "pending_changes.h"
#include "review_session.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct ReviewOptions {
    Folders folders;
    std::vector<std::string> patterns;
    std::string why;
    std::filesystem::path recordings;
};

/// What there is to review, for whoever cannot press keys.
Ended only_show(const std::string& reason, const std::vector<Proposal>& proposals,
                const Workspace& workspace) {
    print(listing(change_groups(proposals), workspace));
    return Error{"", 0, reason + ", so nobody can be asked, and nothing was accepted",
                 "`exportgate accept --group NAME --why \"...\"` accepts one of these changes"};
}

Ended review(const ReviewOptions& options) {
    if (const std::optional<Error> refusal = refusal_under_ci()) return *refusal;
    const Results<Workspace> workspace = load_workspace(options.folders, options.patterns);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.patterns);
    if (!selected) return selected.error();
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return goldens.error();
    const Results<std::vector<Proposal>> proposed =
        pending_proposals(*goldens, *workspace, *selected);
    if (!proposed) return proposed.error();
    if (const Errors errors = obstacles_to_accepting(*proposed, *workspace); !errors.empty())
        return errors;
    if (const std::optional<std::string> reason = why_nobody_answers())
        return only_show(*reason, *proposed, *workspace);

    ReviewSession session(options.folders, *workspace, options.why);
    if (!session.go(*proposed)) return cannot_judge;
    if (!print(session.summary() + how_to_see(session.proposals()))) return cannot_judge;
    if (session.was_interrupted()) return interrupted;
    const int exit_code = session.failed()         ? cannot_judge
                          : session.left_red() > 0 ? verdict_fails
                                                   : good;
    if (session.accepted() == 0) return exit_code;
    const Ended rechecked =
        recheck(options.recordings, options.folders, *workspace, *goldens, session.proposals());
    return {std::max(exit_code, rechecked.exit_code()), rechecked.errors()};
}

}  // namespace

void add_review(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<ReviewOptions>();
    CLI::App* command = app.add_subcommand(
        "review", "Go through what the last run left pending, a change at a time, and accept it");
    command
        ->add_option("patterns", options->patterns,
                     "Globs on cell names; everything that is pending where none is given")
        ->type_name("GLOB");
    command->add_option("--why", options->why,
                        "Why what is accepted is right; asked for once a change otherwise");
    add_folder_options(*command, options->folders, project);
    add_recordings_option(*command, options->recordings, project,
                          "Folder of records to judge again afterwards");
    command->footer(
        "Examples:\n  exportgate review\n  exportgate review 'my_cache/*' --why 'torch 2.14 writes "
        "slices in another way'\nKeys: a accepts the cell, r rejects it (it stays red, and is "
        "pending no more), s leaves "
        "it for later; g, R and S do so for all cells with this change; d shows the whole "
        "difference, e explains, q ends.\nExit code: 0 all is accepted, 1 something stays red, 2 "
        "something could not be written or nobody can be asked, 130 interrupted. What was accepted "
        "stays accepted.");
    command->callback([options, &exit_code] { exit_code = finish(review(*options)); });
}

}  // namespace exportgate::cli
