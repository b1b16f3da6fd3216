#include "repro/repro.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/files.h"
#include "base/printable.h"
#include "base/text.h"
#include "commands.h"
#include "edited.h"
#include "ended.h"
#include "environment/build.h"
#include "environment/installed.h"
#include "observe_cells.h"
#include "outcome/case_error.h"
#include "outcome/grade.h"
#include "record/check_table.h"
#include "report/wording.h"
#include "step_progress.h"
#include "temporary_folder.h"
#include "terminal.h"
#include "verdict/evidence.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

struct ReproOptions {
    Folders folders;
    std::string cell;
    fs::path record;
    fs::path environments;
    std::vector<std::string> in;  // environments: the script is written in the first one
    fs::path output;              // empty: named after the cell
    int timeout_s = 300;          // of the script
    bool draft = false;

    std::chrono::seconds budget() const {
        return std::chrono::seconds(timeout_s);
    }
};

Result<matrix::Cell> one_cell(const ReproOptions& options, const Workspace& workspace) {
    const std::vector<std::string> pattern{options.cell};
    Result<std::vector<matrix::Cell>> selected = matrix::select(workspace.cells, pattern);
    if (!selected) return tl::unexpected(selected.error());
    if (selected->size() == 1) return selected->front();
    return tl::unexpected(Error{"", 0,
                                fmt::format("{} matches {} cells", options.cell, selected->size()),
                                "name one cell; `exportgate list` prints them"});
}

/// The checks that fail, without those that did not end: so would a script.
std::vector<outcome::CheckResult> failing_checks(const outcome::Outcome& outcome) {
    std::vector<outcome::CheckResult> found;
    for (outcome::CheckResult check : outcome.checks) {
        if (check.status != outcome::CheckStatus::fail) continue;
        std::erase_if(check.reasons, record::is_timeout);
        if (!check.reasons.empty()) found.push_back(std::move(check));
    }
    return found;
}

Error does_not_end(const std::string& file, const matrix::Cell& cell,
                   const outcome::Outcome& outcome) {
    return {file, 0, fmt::format("{}: {}", cell.name(), outcome::headline(outcome)),
            "a script that does not end shows nothing; `exportgate show` says where it hung"};
}

/// What the record says is wrong with the cell. Errors: nothing is, or nothing that torch did.
Result<repro::Asked> what_is_wrong(const ReproOptions& options, const Workspace& workspace,
                                   const record::Record& record, const matrix::Cell& cell) {
    const std::string file = options.record.string();
    const std::string release = record.header.environment.torch;
    const verdict::Evidence evidence(record, workspace.cases);
    const verdict::CellEvidence seen = evidence.of(cell);
    if (!seen.outcome) {
        return tl::unexpected(
            Error{file, 0, fmt::format("nothing is known of {}: {}", cell.name(), seen.obstacle),
                  fmt::format("`exportgate run {}` observes it", report::in_command(cell))});
    }
    if (!seen.case_error.empty()) {
        return tl::unexpected(Error{file, 0, fmt::format("{} fails before the export", cell.name()),
                                    outcome::remedy_of_case_error(seen.case_error)});
    }
    if (outcome::grade_of(*seen.outcome) == outcome::Grade::good) {
        return tl::unexpected(Error{
            file, 0,
            fmt::format("{} is exported on torch {}, and all checks pass", cell.name(), release),
            "name a cell that fails, or the --record of another release"});
    }
    repro::Asked asked{seen.asked, cell, release, {}, {}, {}, {}, options.draft};
    asked.seed = record.header.seed + seen.asked->seed;
    asked.failing = failing_checks(*seen.outcome);
    if (const auto* rejected = std::get_if<record::Rejected>(&seen.observation->result)) {
        asked.rejected = *rejected;
    } else if (options.draft) {
        return tl::unexpected(
            Error{file, 0, fmt::format("{} is not rejected on torch {}", cell.name(), release),
                  "draft_export is asked about cells that are rejected"});
    } else if (std::holds_alternative<record::TimedOut>(seen.observation->result)) {
        return tl::unexpected(does_not_end(file, cell, *seen.outcome));
    } else if (std::holds_alternative<record::Crashed>(seen.observation->result)) {
        asked.dies = outcome::headline(*seen.outcome);
    } else if (asked.failing.empty()) {
        return tl::unexpected(does_not_end(file, cell, *seen.outcome));
    }
    return asked;
}

fs::path file_for(const ReproOptions& options, const matrix::Cell& cell) {
    if (!options.output.empty()) return options.output;
    std::string name = "repro_" + cell.name();
    for (char& c : name) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!is_plain) c = '_';
    }
    return name + ".py";
}

Results<std::vector<environment::Installed>> environments_of(const ReproOptions& options) {
    std::vector<environment::Installed> found;
    Errors errors;
    for (const std::string& name : options.in) {
        Result<environment::Installed> one = environment::load(options.environments, name);
        if (!one) {
            errors.push_back(one.error());
        } else if (const auto lost = environment::lost_python(*one)) {
            errors.push_back({name, 0, lost->what, lost->remedy});
        } else {
            found.push_back(*std::move(one));
        }
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return found;
}

std::string words_of(const repro::Ran& ran, const environment::Installed& where) {
    const std::string torch = ran.torch.empty() ? where.facts.torch_build : ran.torch;
    const std::string place = fmt::format("torch {} ({})", torch, where.facts.name);
    const std::string error = printable(ran.error);
    switch (ran.shown) {
        case repro::Shown::passes:
            return fmt::format("  passes in {}\n", place);
        case repro::Shown::fails:
            return fmt::format("  fails in {}: {}\n", place, error);
        case repro::Shown::does_not_end:
            return fmt::format("  does not end in {}: {}\n", place, error);
        case repro::Shown::fails_before:
            return fmt::format("  says nothing in {}: fails before the export: {}\n", place, error);
        case repro::Shown::fails_otherwise:
            break;
    }
    return fmt::format("  fails otherwise in {}: {}\n", place, error);
}

Ended not_run(const Error& error, const fs::path& file) {
    if (error.what != environment::interrupted_text) return error;
    return {interrupted, {Error{"", 0, "interrupted", file.string() + " is written"}}};
}

/// Runs the script everywhere. It is good where the release that the record is of shows the
/// failure.
Ended shown_everywhere(const ReproOptions& options, const repro::Script& script,
                       const fs::path& file, const repro::Asked& asked,
                       const std::vector<environment::Installed>& environments,
                       environment::Commands& commands) {
    bool is_shown = false;
    bool was_tried = false;
    bool ends = true;
    for (const environment::Installed& where : environments) {
        const Result<repro::Ran> ran =
            repro::run_script(script, file, where.python, options.budget(), commands);
        if (!ran) return not_run(ran.error(), file);
        if (!print(words_of(*ran, where))) return cannot_judge;
        if (where.facts.torch != asked.torch) continue;
        was_tried = true;
        is_shown = is_shown || ran->shown == repro::Shown::fails;
        ends = ends && ran->shown != repro::Shown::does_not_end;
    }
    if (is_shown) return good;
    if (!was_tried) {
        return Error{
            file.string(), 0,
            fmt::format("was not run in torch {}, in which the cell fails", asked.torch),
            fmt::format("`exportgate env add {0}`, then again with --env {0}", asked.torch)};
    }
    if (!ends) {
        return Error{file.string(), 0, fmt::format("does not end in torch {}", asked.torch),
                     "a script that does not end shows nothing; --timeout gives it more seconds"};
    }
    return {verdict_fails,
            {Error{file.string(), 0,
                   fmt::format("does not show in torch {} what the record has", asked.torch),
                   script.check.empty()
                       ? "`exportgate show` says how the export ended; see what this machine has "
                         "that the one of the record had not"
                       : "the check calls the program in more ways than a script does; `exportgate "
                         "show` has its reasons"}}};
}

/// What draft_export says everywhere.
Ended drafts_everywhere(const ReproOptions& options, const repro::Script& script,
                        const fs::path& file,
                        const std::vector<environment::Installed>& environments,
                        environment::Commands& commands) {
    for (const environment::Installed& where : environments) {
        const Result<repro::Ran> ran =
            repro::run_script(script, file, where.python, options.budget(), commands);
        if (!ran) return not_run(ran.error(), file);
        if (ran->report.empty()) {
            return Error{file.string(), 0,
                         fmt::format("draft_export says nothing in torch {} ({}): {}", ran->torch,
                                     where.facts.name, printable(ran->error)),
                         "not every release has it, and it may fail as the export does"};
        }
        const std::string said = fmt::format("draft_export in torch {} ({}) says\n{}", ran->torch,
                                             where.facts.name, printable(ran->report));
        if (!print(said)) return cannot_judge;
    }
    return good;
}

Ended not_written(const Error& error) {
    if (error.what != environment::interrupted_text) return error;
    return {interrupted, {Error{"", 0, "interrupted; no script is written", ""}}};
}

/// A script of the first check that it shows in the release in which the cell fails; where it shows
/// none, of the first one at all. Where no environment has that release, nothing is tried.
Result<repro::Script> script_that_fails(const ReproOptions& options, repro::Asked asked,
                                        const fs::path& scratch,
                                        const std::vector<environment::Installed>& environments,
                                        environment::Commands& commands) {
    const fs::path python = environments.front().python;
    const Result<repro::Script> first = repro::write_script(asked, python, scratch, commands);
    const auto there = std::find_if(
        environments.begin(), environments.end(),
        [&](const environment::Installed& one) { return one.facts.torch == asked.torch; });
    if (!first || first->check.empty() || there == environments.end()) return first;
    const fs::path tried = scratch / "tried.py";
    for (Result<repro::Script> script = first; script;) {
        if (Result<void> written = write_file(tried, script->text); !written)
            return tl::unexpected(written.error());
        const Result<repro::Ran> ran =
            repro::run_script(*script, tried, there->python, options.budget(), commands);
        if (!ran) return tl::unexpected(ran.error());
        if (ran->shown == repro::Shown::fails) return script;
        std::erase_if(asked.failing, [&](const auto& one) { return one.name == script->check; });
        if (asked.failing.empty()) break;
        script = repro::write_script(asked, python, scratch, commands);
        if (!script && script.error().what == environment::interrupted_text) return script;
    }
    return first;
}

/// The script has what case.py is today.
Ended note_what_was_edited(const ReproOptions& options, const record::Record& record,
                           const repro::Asked& asked) {
    const Result<std::string> edited = edited_since(record, *asked.declared);
    if (!edited) return edited.error();
    const std::string said = fmt::format("note: {}: {}; the script has what is there now\n",
                                         options.record.string(), *edited);
    return edited->empty() || print(said) ? good : cannot_judge;
}

Ended reproduce(const ReproOptions& options) {
    const Results<Workspace> workspace = load_workspace(options.folders, {options.cell});
    if (!workspace) return workspace.error();
    const Result<matrix::Cell> cell = one_cell(options, *workspace);
    if (!cell) return cell.error();
    const Result<record::Record> record = read_record(options.record, *workspace);
    if (!record) return record.error();
    const Result<repro::Asked> asked = what_is_wrong(options, *workspace, *record, *cell);
    if (!asked) return asked.error();
    if (Ended noted = note_what_was_edited(options, *record, *asked); noted.exit_code() != good)
        return noted;
    const Results<std::vector<environment::Installed>> environments = environments_of(options);
    if (!environments) return environments.error();
    const fs::path file = fs::absolute(file_for(options, *cell)).lexically_normal();
    if (std::error_code ignored; fs::exists(file, ignored)) {
        return Error{file.string(), 0, "is there already",
                     "remove it, or name another file with --output"};
    }
    look_for_packages(options.folders.project);
    const Result<TemporaryFolder> scratch = TemporaryFolder::make();
    if (!scratch) return scratch.error();
    StepProgress progress("repro");
    Result<environment::Commands> commands = environment::Commands::with_log(
        scratch->path() / "repro.log", [&](const auto&... step) { progress.show(step...); });
    if (!commands) return commands.error();
    const Result<repro::Script> script =
        script_that_fails(options, *asked, scratch->path(), *environments, *commands);
    if (!script) return not_written(script.error());
    if (Result<void> written = write_file(file, script->text); !written) return written.error();
    progress.clear();
    const auto lines = std::count(script->text.begin(), script->text.end(), '\n');
    if (!print(fmt::format("wrote {} ({} lines)\n", file.filename().string(), lines)))
        return cannot_judge;
    if (options.draft) return drafts_everywhere(options, *script, file, *environments, *commands);
    return shown_everywhere(options, *script, file, *asked, *environments, *commands);
}

}  // namespace

void add_repro(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<ReproOptions>();
    CLI::App* command = app.add_subcommand(
        "repro", "Write a script without exportgate that shows what is wrong with a cell");
    command->add_option("cell", options->cell, "Name of the cell, or a glob that only it matches")
        ->required();
    add_folder_options(*command, options->folders, project);
    options->record = last_record(project);
    command->add_option("--record", options->record, "Record in which it fails")
        ->type_name("FILE")
        ->capture_default_str();
    add_environments_option(*command, options->environments);
    options->in = {project.environment};
    command
        ->add_option("--env", options->in,
                     "Environments in which the script is run; may be given several times")
        ->type_name("NAME")
        ->allow_extra_args(false)
        ->capture_default_str();
    command->add_option("--output,-o", options->output, "The file; named after the cell by default")
        ->type_name("FILE");
    command
        ->add_option("--timeout", options->timeout_s,
                     "Seconds that the script may take in an environment")
        ->check(CLI::Range(1, 86400))
        ->capture_default_str();
    command->add_flag("--draft", options->draft,
                      "Write a script that asks torch.export.draft_export what would have to "
                      "change, and show what it says");
    command->footer(
        "Example:\n"
        "  exportgate repro kv_cache/plain/strict/named/b3c5 --record tests/recordings/2.9.1.jsonl "
        "--env 2.9.1 --env 2.10.0\n"
        "The script has the class, its registration, the model, the export, and the call that "
        "fails. It ends with exit code 0 where torch does it right.\n"
        "Exit codes: 0 it fails in the release of the record, 1 it does not, 2 no script shows it, "
        "or it was not run there.");
    command->callback([options, &exit_code] { exit_code = finish(reproduce(*options)); });
}

}  // namespace exportgate::cli
