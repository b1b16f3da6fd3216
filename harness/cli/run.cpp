#include "run/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "base/files.h"
#include "commands.h"
#include "judging.h"
#include "progress.h"
#include "record/record_file.h"
#include "run/digest.h"
#include "terminal.h"
#include "timings.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct RunOptions {
    Folders folders;
    ReportFiles reports;
    std::vector<std::string> patterns;
    std::string environment = "default";
    std::filesystem::path worker;
    std::size_t jobs = std::max(1U, std::thread::hardware_concurrency());
    double timeout_s = 120;
    std::string shard = "1/1";
    std::string order = "matrix";
    std::filesystem::path record = last_record();
    bool timings = false;
    bool reuse = false;
    bool no_pending = std::getenv("CI") != nullptr;
};

/// The record that an earlier run left, if it is complete and nothing that it depends on has
/// changed since.
std::optional<record::Record> reusable(const RunOptions& options, const Workspace& workspace,
                                       const std::vector<matrix::Cell>& cells) {
    if (!options.reuse || !std::filesystem::exists(options.record)) return std::nullopt;
    Result<record::Record> earlier = record::read_record(options.record);
    const Result<std::string> inputs = run::inputs_digest(workspace.cases, options.worker);
    if (!earlier || !inputs || !earlier->footer.complete ||
        earlier->header.inputs_digest != *inputs)
        return std::nullopt;
    const auto same = [](const std::string& name, const matrix::Cell& cell) {
        return name == cell.name();
    };
    if (!std::equal(earlier->header.cells.begin(), earlier->header.cells.end(), cells.begin(),
                    cells.end(), same)) {
        return std::nullopt;
    }
    return std::move(*earlier);
}

Result<record::Record> observe(const RunOptions& options, const Workspace& workspace,
                               const std::vector<matrix::Cell>& cells) {
    run::Options how;
    how.environment = options.environment;
    how.worker = options.worker;
    how.jobs = options.jobs;
    how.timeout = std::chrono::duration<double>(options.timeout_s);
    how.baseline = options.timings;
    Progress progress(cells.size());
    Result<record::Record> observed = run::observe(cells, workspace.cases, how, progress.events());
    progress.finish();
    if (observed) observed->header.made_by = "exportgate " EXPORTGATE_VERSION;
    return observed;
}

Result<void> write_pending(const std::vector<golden::Golden>& goldens,
                           const verdict::Judged& judged) {
    for (const golden::Golden& golden : goldens) {
        std::vector<std::string> observed;
        std::vector<golden::Pending> pending;
        for (const verdict::Judgement& judgement : judged.judgements) {
            if (judgement.cell.case_name != golden.case_name || !judgement.observed) continue;
            observed.push_back(judgement.cell.name_in_case());
            if (judgement.verdict != verdict::Verdict::as_expected) {
                pending.push_back({judgement.cell.name_in_case(), *judgement.observed});
            }
        }
        Result<void> written = golden::write_pending(golden, judged.environment, observed, pending);
        if (!written) return written;
    }
    return {};
}

int run(RunOptions options) {
    if (options.worker.empty()) options.worker = worker_of(options.environment);
    const Results<Workspace> workspace = load_workspace(options.folders);
    if (!workspace) return print_errors(workspace.error()), cannot_judge;
    Result<std::vector<matrix::Cell>> selected = matrix::select(workspace->cells, options.patterns);
    if (!selected) return print_error(selected.error()), cannot_judge;
    const Result<matrix::Shard> shard = matrix::parse_shard(options.shard);
    if (!shard) return print_error(shard.error()), cannot_judge;
    std::vector<matrix::Cell> cells = matrix::cells_of_shard(*selected, *shard);
    if (cells.empty()) {
        print_error({"", 0,
                     fmt::format("shard {} of {} cells is empty", options.shard, selected->size()),
                     "use fewer shards"});
        return cannot_judge;
    }
    // Before anything runs: a golden that cannot be read would waste the run.
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return print_errors(goldens.error()), cannot_judge;

    std::optional<record::Record> record = reusable(options, *workspace, cells);
    if (!record) {
        // Whoever reads the record afterwards must not take an outdated one for this run's.
        if (options.reuse) std::filesystem::remove(options.record);
        std::vector<matrix::Cell> in_order = cells;
        if (options.order == "reversed") std::reverse(in_order.begin(), in_order.end());
        Result<record::Record> observed = observe(options, *workspace, in_order);
        if (!observed) return print_error(observed.error()), cannot_judge;
        if (options.order == "reversed") {
            std::reverse(observed->header.cells.begin(), observed->header.cells.end());
            std::reverse(observed->observations.begin(), observed->observations.end());
        }
        if (Result<void> kept = write_file(options.record, record::to_text(*observed)); !kept) {
            return print_error(kept.error()), cannot_judge;
        }
        record = std::move(*observed);
    }

    const verdict::Judged judged =
        judge_record(*record, options.folders, *workspace, *goldens, cells);
    if (record->footer.reason == "interrupted") {
        print_error({options.record.string(), 0,
                     fmt::format("interrupted after {} of {} cells; nothing was judged",
                                 record->observations.size(), cells.size()),
                     "run again"});
        return interrupted;
    }
    bool complete = print(report::console(judged, console_style()));
    if (options.timings) complete = print("\n" + timings_table(*record, options.jobs)) && complete;
    if (!options.no_pending) {
        if (Result<void> kept = write_pending(*goldens, judged); !kept) {
            print_error(kept.error());
            complete = false;
        }
    }
    if (Result<void> written = write_reports(options.reports, judged); !written) {
        print_error(written.error());
        complete = false;
    }
    return complete ? judged.exit_code : cannot_judge;
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command =
        app.add_subcommand("run", "Export the cells with real torch and judge what came");
    command->add_option("patterns", options->patterns,
                        "Globs on cell names; all cells where none is given");
    add_folder_options(*command, options->folders);
    command->add_option("--env", options->environment, "Environment whose torch is used")
        ->capture_default_str();
    command
        ->add_option("--worker", options->worker, "Worker executable, in place of an environment's")
        ->type_name("FILE");
    command->add_option("--jobs,-j", options->jobs, "Children at a time")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    command->add_option("--timeout", options->timeout_s, "Seconds for each cell")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--shard", options->shard, "i/n: only the i-th of n parts of the cells")
        ->type_name("i/n");
    command
        ->add_option("--order", options->order, "Order in which the cells run: matrix or reversed")
        ->check(CLI::IsMember({"matrix", "reversed"}))
        ->capture_default_str();
    command->add_option("--record", options->record, "Where the raw observations are kept")
        ->capture_default_str();
    add_report_options(*command, options->reports);
    command->add_flag("--timings", options->timings,
                      "Print where the time went (exports every cell once more)");
    command->add_flag("--reuse", options->reuse,
                      "Judge the record again if neither cases nor worker changed since");
    command->add_flag("--no-pending", options->no_pending,
                      "Write no pending files for `accept`; the default where CI is set");
    command->footer("Example:\n  exportgate run '*/module/*' --junit report.xml");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace exportgate::cli
