#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "commands.h"
#include "document/console.h"
#include "ended.h"
#include "environment/build.h"
#include "environment/installed.h"
#include "judge_record.h"
#include "matrix/names.h"
#include "observe_cells.h"
#include "outcome/grade.h"
#include "probe/probe.h"
#include "questioned.h"
#include "report/failing_checks.h"
#include "report/matrix_table.h"
#include "step_progress.h"
#include "temporary_folder.h"
#include "terminal.h"
#include "try_environment.h"
#include "try_folder.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

struct TryOptions {
    project::Project project;
    Observing how;
    probe::Asked asked;
    std::string python;
    std::string write;  // the name of the case; empty: it is not kept
};

/// The name of the case that is tried: of its rows, and of its folder where it is kept.
std::string case_name(const TryOptions& options) {
    if (!options.write.empty()) return options.write;
    std::string name = options.asked.class_path.substr(options.asked.class_path.find(':') + 1);
    return matrix::usable_in_cell_name(name) ? name : "tried";
}

Results<environment::Installed> environment_for(const TryOptions& options) {
    if (!options.python.empty()) {
        Result<environment::Installed> made =
            environment_with(options.python, options.how.environments);
        if (!made) return tl::unexpected(Errors{made.error()});
        return std::move(*made);
    }
    const Results<fs::path> worker = worker_of(options.how, {});
    if (!worker) {
        Errors errors = worker.error();
        errors.back().remedy +=
            ". Or name an interpreter that has torch: --python .venv/bin/python";
        return tl::unexpected(std::move(errors));
    }
    Result<environment::Installed> installed =
        environment::load(options.how.environments, options.how.environment);
    if (!installed) return tl::unexpected(Errors{installed.error()});
    return std::move(*installed);
}

/// The case in `cases`, made by the interpreter of the environment.
Result<probe::Found> make_case(const TryOptions& options, const environment::Installed& installed,
                               const fs::path& scratch, const fs::path& cases) {
    StepProgress progress("try");
    const environment::Watch watch = [&](const auto&... step) { progress.show(step...); };
    Result<environment::Commands> commands =
        environment::Commands::with_log(scratch / "probe.log", watch);
    if (!commands) return tl::unexpected(commands.error());
    const fs::path folder = cases / case_name(options);
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) {
        return tl::unexpected(Error{folder.string(), 0, "cannot be made: " + failure.message(),
                                    "set TMPDIR to a folder that can be written"});
    }
    return probe::make_case(options.asked, installed.python, folder, scratch / "probe", *commands);
}

/// What was seen of the case, and what it is worth.
struct Seen {
    std::vector<verdict::Judgement> judgements;
    std::vector<report::Questioned> questions;  // of all cells that are not good
    Errors problems;
    std::string torch;
    std::size_t good_cells = 0;
    bool is_judged = true;  // every cell has an outcome that is about torch
    bool is_interrupted = false;
};

Results<Seen> observe_case(const TryOptions& options, const environment::Installed& installed,
                           const fs::path& scratch, const fs::path& cases) {
    Folders folders;
    folders.project = options.project;
    folders.cases = cases;
    folders.golden = scratch / "golden";
    const Results<Workspace> workspace = load_workspace(folders);
    if (!workspace) return tl::unexpected(workspace.error());
    Observing how = options.how;
    how.environment = installed.facts.name;
    how.worker = installed.places.worker;
    how.fresh = true;
    how.record = scratch / "last.jsonl";
    const Results<record::Record> record = observe(how, *workspace, workspace->cells);
    if (!record) return tl::unexpected(record.error());
    const Results<std::vector<golden::Golden>> goldens = load_goldens(folders, *workspace);
    if (!goldens) return tl::unexpected(goldens.error());
    const Result<TorchVersion> torch = TorchVersion::parse(record->header.environment.torch);
    if (!torch) return tl::unexpected(Errors{torch.error()});

    verdict::Judged judged = judge_record(*record, folders, *workspace, *goldens, workspace->cells);
    Seen seen{{},
              {},
              judged.problems,
              torch->text(),
              0,
              judged.problems.empty(),
              record->footer.reason == "interrupted"};
    const verdict::Evidence evidence(*record, workspace->cases);
    for (verdict::Judgement& judgement : judged.judgements) {
        const bool is_good =
            judgement.observed && outcome::grade_of(*judgement.observed) == outcome::Grade::good;
        if (is_good) ++seen.good_cells;
        if (!is_good)
            seen.questions.push_back(
                questioned(judgement.cell, *torch, evidence.of(judgement.cell)));
        if (verdict::info(judgement.verdict).cannot_judge) seen.is_judged = false;
        // Nothing is expected of what is tried: that is no mark worth showing.
        if (judgement.verdict == verdict::Verdict::new_)
            judgement.verdict = verdict::Verdict::as_expected;
    }
    seen.judgements = std::move(judged.judgements);
    return seen;
}

std::string table_of(const Seen& seen) {
    const report::ConsoleStyle style = console_style();
    document::Document document = report::matrix_table(seen.judgements, style.width);
    if (document::Document failing = report::failing_checks(seen.judgements, style.width);
        !failing.empty()) {
        document.emplace_back(document::Gap{});
        document.insert(document.end(), failing.begin(), failing.end());
    }
    return document::console(document, {style.colour, style.width});
}

std::string closing_lines(const TryOptions& options, const Seen& seen, const probe::Found& found) {
    std::string text = "Assumed:\n";
    for (const std::string& each : found.assumed)
        text += fmt::format("  - {}\n", each);
    text +=
        "  - the model adds up every tensor, and calls no method of the class: what yours does is "
        "not tried\n\n";
    const std::size_t count = seen.judgements.size();
    text += fmt::format(
        "{} of {} cells on torch {} are exported, and all checks of them hold, as "
        "far as the above is so.",
        seen.good_cells, count, seen.torch);
    if (options.write.empty()) text += " `exportgate try ... --write my_cache` keeps it as a case.";
    return text + "\n";
}

Ended kept(const TryOptions& options, const fs::path& folder,
           const environment::Installed& installed, const probe::Found& found) {
    const Result<Written> written =
        write_case(options.project, options.write, folder, installed, found.in_current_folder);
    if (!written) return written.error();
    std::string text = "\n";
    for (const fs::path& file : written->files)
        text += fmt::format("wrote {}\n", file.string());
    text += "Next:\n";
    for (const std::string& line : written->next)
        text += "  " + line + "\n";
    return print(text) ? good : cannot_judge;
}

Ended not_tried(const Errors& errors) {
    if (errors.size() != 1 || errors.front().what != environment::interrupted_text) return errors;
    return {interrupted, {Error{"", 0, "interrupted; nothing half-made is left", ""}}};
}

/// What came, in full, and what it rests on.
std::string report_of(const TryOptions& options, const Seen& seen, const probe::Found& found) {
    std::string text;
    if (!found.registration.empty() && options.write.empty())
        text += fmt::format("Registered with pytree by this, which may be copied:\n\n{}\n",
                            found.registration);
    text += table_of(seen) + "\n";
    if (!seen.questions.empty())
        text += report::why(seen.questions, catalogue::shipped(), console_style()) + "\n";
    return text + closing_lines(options, seen, found);
}

Ended try_class(TryOptions options) {
    if (!options.project.mistakes.empty()) return options.project.mistakes;
    if (!options.write.empty()) {
        if (Result<void> fits = can_be_written(options.project, options.write); !fits)
            return fits.error();
    }
    options.how.project.pythonpath.emplace_back(".");
    look_for_packages(options.how.project);
    const Results<environment::Installed> installed = environment_for(options);
    if (!installed) return not_tried(installed.error());
    const Result<TemporaryFolder> scratch = TemporaryFolder::make();
    if (!scratch) return scratch.error();
    const fs::path cases = scratch->path() / "cases";
    const Result<probe::Found> found = make_case(options, *installed, scratch->path(), cases);
    if (!found) return not_tried({found.error()});
    const Results<Seen> seen = observe_case(options, *installed, scratch->path(), cases);
    if (!seen) return not_tried(seen.error());
    if (seen->is_interrupted) return not_tried({Error{"", 0, environment::interrupted_text, ""}});

    int exit_code = !seen->is_judged          ? cannot_judge
                    : seen->questions.empty() ? good
                                              : verdict_fails;
    if (!print(report_of(options, *seen, *found))) exit_code = cannot_judge;
    Errors errors = seen->problems;
    if (!options.write.empty()) {
        const Ended ended = kept(options, cases / options.write, *installed, *found);
        exit_code = std::max(exit_code, ended.exit_code());
        errors.insert(errors.end(), ended.errors().begin(), ended.errors().end());
    }
    return {exit_code, std::move(errors)};
}

}  // namespace

void add_try(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<TryOptions>();
    options->project = project;
    CLI::App* command = app.add_subcommand(
        "try", "Export a class that is there, without a case: what becomes of it, and why");
    command
        ->add_option("class", options->asked.class_path,
                     "The class, or a function that makes a cache")
        ->type_name("MODULE:CLASS")
        ->required();
    auto* python =
        command
            ->add_option(
                "--python", options->python,
                "The interpreter that has the class and torch. The first time, a worker is "
                "built for it")
            ->type_name("PYTHON");
    command
        ->add_option("--make", options->asked.make,
                     "How one is made: an expression of batch, heads, length, head_dim, of the "
                     "tensors k and v, and of the names of the module")
        ->type_name("EXPRESSION");
    command
        ->add_option("--fill", options->asked.fills,
                     "A call on the cache that fills it, of the same names; may be given several "
                     "times")
        ->type_name("CALL")
        ->allow_extra_args(false);
    command
        ->add_option("--write", options->write,
                     "Keep it as a case of this name, whatever came of it")
        ->type_name("NAME");
    add_observing_options(*command, options->how, project);
    command
        ->add_option("--env", options->how.environment,
                     "Environment in which the class is, in place of --python")
        ->type_name("NAME")
        ->capture_default_str()
        ->excludes(python);
    command->remove_option(command->get_option("--fresh"));
    command->footer(
        "Examples:\n  exportgate try my_lib.cache:MyCache --python .venv/bin/python\n"
        "  exportgate try my_lib.cache:MyCache --make 'MyCache(layers=2)' --fill 'update(k, v, "
        "0)'\n"
        "  exportgate try builtins:list --make '[(k, v), (k.clone(), v.clone())]'\n"
        "k and v are float tensors [batch, heads, length, head_dim], new ones for each --fill. "
        "Without --make and --fill three shapes are known: docs/try.md.\n"
        "Exit codes: 0 all cells are good, 1 some are not, 2 it could not be judged.");
    command->callback([options, &exit_code] { exit_code = finish(try_class(*options)); });
}

}  // namespace exportgate::cli
