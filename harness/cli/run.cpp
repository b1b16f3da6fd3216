#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "accepting.h"
#include "base/files.h"
#include "base/text.h"
#include "commands.h"
#include "ended.h"
#include "judge_record.h"
#include "observe_cells.h"
#include "outputs.h"
#include "record/case_files.h"
#include "record/record_file.h"
#include "report/timings.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct RunOptions {
    Folders folders;
    ReportFiles reports;
    Observing how;
    std::vector<std::string> patterns;
    std::vector<std::string> environments;
    std::string shard;  // empty: all cells
    std::string order = "matrix";
    std::string record;  // empty: the default
    bool trust = false;  // that loading the saved programs runs no evil code
    bool no_pending = std::getenv("CI") != nullptr;

    bool several() const {
        return environments.size() > 1;
    }
};

constexpr std::string_view placeholder = "{env}";

/// `file` with {env} replaced by the environment's name.
std::string for_environment(std::string file, const std::string& environment) {
    for (std::size_t at; (at = file.find(placeholder)) != std::string::npos;)
        file.replace(at, placeholder.size(), environment);
    return file;
}

/// Programs are loaded only where the user said that they may run code.
std::optional<Error> not_trusted(const RunOptions& options) {
    if (options.how.load_programs.empty() || options.trust) return std::nullopt;
    return Error{options.how.load_programs.string(), 0,
                 "loading programs unpickles them, which runs whatever code they hold",
                 "add --trust where you trust whoever wrote this folder"};
}

/// A program is saved as the check `save_load` saves it.
std::optional<Error> saves_nothing(const RunOptions& options) {
    const std::vector<std::string> checks =
        record::with_those_that_they_build_on(options.how.checks);
    if (options.how.save_programs.empty() || checks.empty() ||
        std::find(checks.begin(), checks.end(), "save_load") != checks.end())
        return std::nullopt;
    return Error{"", 0,
                 "--save-programs keeps what the check save_load saves, and --checks leaves it out",
                 "add it: --checks " + join(options.how.checks, ",") + ",save_load"};
}

/// Files must not overwrite each other, nor those of several environments.
std::optional<Error> clash(const RunOptions& options) {
    const ReportFiles& reports = options.reports;
    const std::vector<Output> outputs{
        {"--record",
         options.record.empty() ? last_record(options.folders.project).string() : options.record},
        {"--junit", reports.junit},
        {"--json", reports.json},
        {"--outcomes", reports.outcomes},
        {"--save-programs", options.how.save_programs}};
    std::vector<std::filesystem::path> read;
    if (!options.how.load_programs.empty()) read.push_back(options.how.load_programs);
    if (std::optional<Error> error = overwritten(outputs, read)) return error;
    if (!options.several()) return std::nullopt;
    if (!options.how.worker.empty()) {
        return Error{"", 0, "--worker is one worker, and several environments were named",
                     "leave --worker away"};
    }
    for (const std::string& file :
         {options.record, options.reports.junit.string(), options.reports.json.string(),
          options.reports.outcomes.string(), options.how.save_programs.string()}) {
        if (file.empty() || file.find(placeholder) != std::string::npos) continue;
        return Error{"", 0,
                     fmt::format("{} would hold the results of {} environments", file,
                                 options.environments.size()),
                     "write {env} where the environment's name goes: records/{env}.jsonl"};
    }
    return std::nullopt;
}

/// Why this run leaves nothing pending for `accept`; "" where it does.
std::string why_nothing_is_pending(const RunOptions& options) {
    if (!options.how.checks.empty())
        return "Nothing of this run can be accepted: it left checks out (--checks).";
    if (options.how.seed != 0)
        return fmt::format(
            "Nothing of this run can be accepted: goldens hold what seed 0 gives, "
            "and this is seed {}.",
            options.how.seed);
    // What is pending belongs to one environment; of several, each has its record to accept from.
    if (options.several())
        return "To accept what came in one of the environments: exportgate accept --record FILE "
               "--why \"...\"";
    if (options.no_pending)
        return std::getenv("CI") != nullptr
                   ? "Nothing is left pending where CI is set: a person accepts, on another "
                     "machine."
                   : "Nothing is left pending (--no-pending): exportgate accept --record FILE "
                     "--why \"...\"";
    return "";
}

Result<void> write_pending(const std::vector<golden::Golden>& goldens,
                           const verdict::Judged& judged, const record::Record& record) {
    for (const golden::Golden& golden : goldens) {
        std::vector<std::string> observed;
        std::vector<std::string> as_expected;
        std::vector<golden::Pending> pending;
        for (const verdict::Judgement& judgement : judged.judgements) {
            if (judgement.cell.folder() != golden.case_name || !judgement.observed ||
                judgement.verdict == verdict::Verdict::unobserved)
                continue;
            observed.push_back(judgement.cell.name_in_folder());
            if (verdict::is_settled(judgement)) {
                as_expected.push_back(judgement.cell.name_in_folder());
            } else if (judgement.verdict != verdict::Verdict::waived &&
                       judgement.verdict != verdict::Verdict::case_error) {
                // A waived difference is not to be accepted, least of all by an `accept` of all.
                // Of an error of the case nothing is expected.
                pending.push_back({judgement.cell.name_in_folder(), *judgement.observed});
            }
        }
        Result<void> written =
            golden::write_pending(golden, judged.environment, observed, as_expected, pending,
                                  record::files_of_case(record, golden.case_name));
        if (!written) return written;
    }
    return {};
}

struct Prepared {
    Workspace workspace;
    std::vector<matrix::Cell> cells;  // of all shards
    std::optional<matrix::Shard> shard;
    std::vector<golden::Golden> goldens;
};

/// Everything that can be wrong before anything runs: a golden that cannot be read would waste the
/// run.
Results<Prepared> prepare(const RunOptions& options) {
    Results<Workspace> workspace = load_workspace(options.folders, options.patterns);
    if (!workspace) return tl::unexpected(workspace.error());
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.patterns);
    if (!selected) return tl::unexpected(Errors{selected.error()});
    if (!is_one_line(options.how.note)) {
        return tl::unexpected(Errors{{"", 0, "the note has a newline or another control character",
                                      "write --note as one line of plain text"}});
    }
    Prepared prepared;
    prepared.cells = *selected;
    if (!options.shard.empty()) {
        const Result<matrix::Shard> shard = matrix::parse_shard(options.shard);
        if (!shard) return tl::unexpected(Errors{shard.error()});
        prepared.shard = *shard;
    }
    Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return tl::unexpected(goldens.error());
    prepared.goldens = std::move(*goldens);
    prepared.workspace = std::move(*workspace);
    return prepared;
}

/// Those that one shard observes: dealt of what all shards together observe, which is what is
/// declared for this torch. Error: there are more shards than cells.
Result<std::vector<matrix::Cell>> cells_to_observe(const Observing& how, const Prepared& prepared) {
    if (!prepared.shard) return prepared.cells;
    const Result<std::vector<matrix::Cell>> declared =
        declared_there(how, prepared.workspace.cases, prepared.cells);
    if (!declared) return prepared.cells;  // observe() says why not
    const matrix::Shard& shard = *prepared.shard;
    std::vector<matrix::Cell> dealt = matrix::cells_of_shard(*declared, shard);
    if (!dealt.empty()) return dealt;
    return tl::unexpected(Error{
        "", 0,
        fmt::format("shard {}/{} of {} cells is empty", shard.index, shard.count, declared->size()),
        "use fewer shards"});
}

/// Observes and judges in one environment.
Ended run_in(const RunOptions& options, const std::string& environment, const Prepared& prepared) {
    Observing how = options.how;
    how.environment = environment;
    how.reversed = options.order == "reversed";
    if (prepared.shard)
        how.shard = fmt::format("{}/{}", prepared.shard->index, prepared.shard->count);
    how.save_programs = for_environment(how.save_programs.string(), environment);
    how.record = options.record.empty() ? (options.several() ? record_of(how.project, environment)
                                                             : last_record(how.project))
                                              .string()
                                        : for_environment(options.record, environment);
    const Result<std::vector<matrix::Cell>> cells = cells_to_observe(how, prepared);
    if (!cells) return cells.error();
    const Results<record::Record> record = observe(how, prepared.workspace, *cells);
    if (!record) return record.error();
    const verdict::Judged judged =
        judge_record(*record, options.folders, prepared.workspace, prepared.goldens, *cells);
    if (record->footer.reason == "interrupted") {
        return {interrupted,
                {Error{how.record.string(), 0,
                       fmt::format("interrupted after {} of {} cells; nothing was judged",
                                   record->observations.size(), cells->size()),
                       "run again"}}};
    }
    Errors problems;
    bool complete = !options.several() || print(fmt::format("{}\n", environment));
    report::ConsoleStyle style = console_style();
    style.nothing_to_accept = why_nothing_is_pending(options);
    complete = print(report::console(judged, style) +
                     seed_notes(*record, prepared.workspace, prepared.goldens, *cells)) &&
               complete;
    if (how.timings) complete = print("\n" + report::timings_table(*record, how.jobs)) && complete;
    if (style.nothing_to_accept.empty()) {
        const run::Descriptor lock = lock_goldens(options.folders.golden);
        if (Result<void> kept = write_pending(prepared.goldens, judged, *record); !kept)
            problems.push_back(kept.error());
    }
    ReportFiles reports = options.reports;
    for (std::filesystem::path* file : {&reports.junit, &reports.json, &reports.outcomes})
        *file = for_environment(file->string(), environment);
    if (Result<void> written = write_reports(reports, judged); !written)
        problems.push_back(written.error());
    complete = complete && problems.empty();
    return {complete ? judged.exit_code : cannot_judge, std::move(problems)};
}

Ended run(const RunOptions& options) {
    if (const std::optional<Error> error = clash(options)) return *error;
    if (const std::optional<Error> error = not_trusted(options)) return *error;
    if (const std::optional<Error> error = saves_nothing(options)) return *error;
    const Results<Prepared> prepared = prepare(options);
    if (!prepared) return prepared.error();
    int exit_code = good;
    for (const std::string& environment : options.environments) {
        if (environment != options.environments.front()) print("\n");
        const int code = finish(run_in(options, environment, *prepared));
        if (code == interrupted) return code;
        exit_code = std::max(exit_code, code);
    }
    return exit_code;
}

}  // namespace

void add_run(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command =
        app.add_subcommand("run", "Export the cells with real torch and judge what came");
    command
        ->add_option("patterns", options->patterns,
                     "Globs on cell names; all cells where none is given")
        ->type_name("GLOB");
    add_folder_options(*command, options->folders, project);
    add_today_option(*command, options->folders.today);
    options->environments = {project.environment};
    command
        ->add_option("--env", options->environments,
                     "Environment whose torch is used; may be given several times")
        ->type_name("NAME")
        ->allow_extra_args(false)
        ->capture_default_str();
    command
        ->add_option("--worker", options->how.worker,
                     "Worker executable, in place of an environment's")
        ->type_name("FILE");
    add_observing_options(*command, options->how, project);
    command
        ->add_option("--shard", options->shard,
                     "i/n: only the i-th of n parts of the cells, for `merge`")
        ->type_name("i/n");
    command->add_option("--note", options->how.note, "One line for the record: how it was made")
        ->type_name("TEXT");
    command
        ->add_option("--checks", options->how.checks,
                     "Carry out only these checks and those that they build on, the others are not "
                     "compared: run,constants; nothing is left pending then")
        ->type_name("NAME,...")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::IsMember(outcome::check_names()));
    command
        ->add_option("--order", options->order, "Order in which the cells run: matrix or reversed")
        ->check(CLI::IsMember({"matrix", "reversed"}))
        ->capture_default_str();
    command
        ->add_option("--record", options->record,
                     "Where the raw observations are kept; {env} stands for the environment's name "
                     "here and in the names of reports")
        ->type_name("FILE")
        ->default_str(last_record(project).string());
    add_report_options(*command, options->reports);
    command
        ->add_option("--save-programs", options->how.save_programs,
                     "Folder in which the exported programs are kept, for another torch to load")
        ->type_name("DIR");
    command
        ->add_option(
            "--load-programs", options->how.load_programs,
            "Folder of programs that another torch saved: the record says what becomes of "
            "them here, and `upgrade` judges it. Loading unpickles them, which can run any "
            "code, so it needs --trust")
        ->type_name("DIR");
    command->add_flag("--trust", options->trust,
                      "Whoever wrote the folder of --load-programs may run code here");
    command->add_flag("--timings", options->how.timings,
                      "Print where the time went (exports every cell once more)");
    command->add_flag(
        "--reuse", options->how.reuse,
        "Where nothing can be observed, leave no earlier record, so that nobody judges "
        "an outdated one");
    command->add_flag("--no-pending", options->no_pending,
                      "Write no pending files for `accept`; the default where CI is set");
    command->footer("Example:\n  exportgate run '*/module/*' --junit report.xml");
    command->callback([options, &exit_code] { exit_code = finish(run(*options)); });
}

}  // namespace exportgate::cli
