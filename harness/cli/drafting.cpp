#include "drafting.h"

#include <chrono>

#include "edited.h"
#include "environment/build.h"
#include "environment/installed.h"
#include "report/wording.h"
#include "repro/draft.h"
#include "step_progress.h"
#include "temporary_folder.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

const record::Rejected* rejection(const verdict::CellEvidence& seen) {
    if (seen.observation == nullptr || !seen.outcome || !seen.case_error.empty()) return nullptr;
    return std::get_if<record::Rejected>(&seen.observation->result);
}

repro::Asked question(const record::Record& record, const matrix::Cell& cell,
                      const verdict::CellEvidence& seen) {
    repro::Asked asked{seen.asked, cell, record.header.environment.torch, {}, {}, {}, {}, true};
    asked.seed = record.header.seed + seen.asked->seed;
    asked.rejected = *rejection(seen);
    return asked;
}

Result<environment::Installed> environment_of(const DraftOptions& options) {
    Result<environment::Installed> found = environment::load(options.environments, options.in);
    if (!found) return found;
    if (const auto lost = environment::lost_python(*found))
        return tl::unexpected(Error{options.in, 0, lost->what, lost->remedy});
    return found;
}

}  // namespace

void add_draft_options(CLI::App& command, DraftOptions& options, const project::Project& project) {
    options.in = project.environment;
    auto* draft = command.add_flag("--draft", options.asked,
                                   "Ask torch.export.draft_export of --env, too, what would have "
                                   "to change in a cell that is rejected");
    command.add_option("--env", options.in, "Environment whose torch --draft asks")
        ->type_name("NAME")
        ->needs(draft)
        ->capture_default_str();
    command.add_option("--timeout", options.timeout_s, "Seconds that --draft may take for a cell")
        ->check(CLI::Range(1, 86400))
        ->needs(draft)
        ->capture_default_str();
    add_environments_option(command, options.environments);
}

bool can_be_drafted(const matrix::Cell& cell, const verdict::CellEvidence& seen) {
    const record::Rejected* rejected = rejection(seen);
    return rejected != nullptr && !report::draft_command(cell, rejected->stage).empty();
}

Result<std::vector<outcome::Draft>> drafts_of(
    const DraftOptions& options, const project::Project& project, const record::Record& record,
    const std::vector<std::pair<matrix::Cell, verdict::CellEvidence>>& cells) {
    const Result<environment::Installed> where = environment_of(options);
    if (!where) return tl::unexpected(where.error());
    look_for_packages(project);
    const Result<TemporaryFolder> scratch = TemporaryFolder::make();
    if (!scratch) return tl::unexpected(scratch.error());
    StepProgress progress("draft");
    Result<environment::Commands> commands = environment::Commands::with_log(
        scratch->path() / "draft.log", [&](const auto&... step) { progress.show(step...); });
    if (!commands) return tl::unexpected(commands.error());
    std::vector<outcome::Draft> drafts;
    for (const auto& [cell, seen] : cells) {
        Result<outcome::Draft> draft =
            repro::ask_draft(question(record, cell, seen), where->python, scratch->path(),
                             std::chrono::seconds(options.timeout_s), *commands);
        if (!draft) return tl::unexpected(draft.error());
        const Result<std::string> edited = edited_since(record, *seen.asked);
        draft->edited = edited ? *edited : to_string(edited.error());
        drafts.push_back(*std::move(draft));
    }
    progress.clear();
    return drafts;
}

Ended no_draft(const Errors& errors) {
    if (errors.front().what != environment::interrupted_text) return errors;
    return {interrupted, {Error{"", 0, "interrupted", "nothing was written"}}};
}

}  // namespace exportgate::cli
