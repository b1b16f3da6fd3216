#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/files.h"
#include "base/text.h"
#include "bench/session_json.h"
#include "commands.h"
#include "ended.h"
#include "golden_origin.h"
#include "judge_record.h"
#include "outputs.h"
#include "page/benchmarks.h"
#include "page/page.h"
#include "page/readme.h"
#include "recorded.h"
#include "temporary_folder.h"
#include "terminal.h"
#include "verdict/upgrade.h"
#include "verdict/waive.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

struct ReportOptions {
    Folders folders;
    std::vector<std::string> files;
    std::vector<std::string> only;
    std::vector<std::string> benchmarks;
    fs::path output;
    fs::path readme;
    bool no_charts = false;
};

/// The files by what they hold.
struct Sorted {
    std::vector<std::string> records;
    std::vector<std::string> measurements;
    std::vector<std::string> sessions;
};

/// A record begins with its header, a session with its key; the reader of what is left says what is
/// wrong with it.
Results<Sorted> sorted(const std::vector<std::string>& files) {
    Sorted by_kind;
    Errors errors;
    for (const std::string& file : files) {
        const Result<std::string> text = read_file(file);
        if (!text) {
            errors.push_back(text.error());
            continue;
        }
        const std::string_view start = std::string_view(*text).substr(0, 200);
        if (start.find(fmt::format("\"{}\"", bench::session_key)) != std::string_view::npos) {
            by_kind.sessions.push_back(file);
        } else if (start.find("\"context\"") != std::string_view::npos) {
            by_kind.measurements.push_back(file);
        } else if (fs::path(file).extension() == ".json") {
            errors.push_back({file, 1, "is neither a record, nor a benchmark's file, nor a session",
                              "name what `run`, `bench` or `bench --against` wrote"});
        } else {
            by_kind.records.push_back(file);
        }
    }
    if (!errors.empty()) return tl::unexpected(errors);
    return by_kind;
}

/// What is read, with all that a page is about. The subject refers to the other two.
struct Material {
    Workspace workspace;
    std::vector<matrix::Cell> selected;
    std::vector<bench::Measurements> measurements;
    page::Subject subject;
};

Errors add_runs(const ReportOptions& options, const std::vector<std::string>& files,
                Material& material) {
    Results<Workspace> workspace =
        load_workspace(options.folders, options.only, WhereBroken::leave_out);
    if (!workspace) return workspace.error();
    material.workspace = std::move(*workspace);
    Result<std::vector<matrix::Cell>> selected =
        matrix::select(material.workspace.cells, material.workspace.patterns);
    if (!selected) return {selected.error()};
    material.selected = std::move(*selected);
    const Results<std::vector<golden::Golden>> goldens =
        load_goldens(options.folders, material.workspace);
    if (!goldens) return goldens.error();
    const Results<std::vector<Recorded>> records = read_records(files, material.workspace);
    if (!records) return records.error();

    page::Subject& subject = material.subject;
    subject.cases = material.workspace.cases;
    subject.cells = material.selected;
    subject.against = golden_origin(options.folders);
    for (std::size_t i = 0; i < records->size(); ++i) {
        const record::Record& record = (*records)[i].record;
        Errors seen_by_judging;  // what keeps a record from being trusted is among its problems
        verdict::Judged judged =
            judge_record(record, options.folders, material.workspace, *goldens, material.selected);
        verdict::add_problems(judged, material.workspace.broken);
        subject.runs.push_back({read_release(record, material.workspace, material.selected,
                                             column_name(*records, i), seen_by_judging),
                                record.file, record.header.made_by, std::move(judged)});
        if (i == 0) continue;
        verdict::Upgrade upgrade = verdict::upgrade(
            (*records)[i - 1].record, record, material.workspace.cases, material.selected, false);
        verdict::apply_waivers(upgrade.judged, material.workspace.cases, options.folders.today,
                               verdict::Against::record);
        verdict::settle(upgrade);
        subject.upgrades.push_back(std::move(upgrade));
    }
    return {};
}

/// Keeps the timings that one of `globs` names, and the floors. Error: none is named.
Result<void> keep_only(const std::vector<std::string>& globs, const std::string& file,
                       bench::Measurements& measured) {
    if (globs.empty()) return {};
    const auto named = [&](const bench::Timing& timing) {
        return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
            return glob_matches(glob, timing.name.text);
        });
    };
    if (std::none_of(measured.timings.begin(), measured.timings.end(), named)) {
        return tl::unexpected(Error{file, 0, "holds no benchmark " + join(globs, " or "),
                                    "a glob on whole names, such as 'kv_cache/flatten/*'"});
    }
    std::erase_if(measured.timings, [&](const bench::Timing& timing) {
        return !timing.name.is_floor() && !named(timing);
    });
    return {};
}

Errors add_benchmarks(const ReportOptions& options, const Sorted& files, Material& material) {
    Errors errors;
    std::size_t number = 0;
    const std::size_t all = files.measurements.size() + files.sessions.size();
    const auto prefix = [&] {
        ++number;
        return all == 1 ? std::string() : fmt::format("{}-", number);
    };
    // Verdicts before numbers.
    for (const std::string& file : files.sessions) {
        const Result<bench::Session> read = bench::read_session(file);
        if (!read) {
            errors.push_back(read.error());
            continue;
        }
        material.subject.benchmarks.push_back(page::part_of(*read, prefix()));
    }
    for (const std::string& file : files.measurements) {
        Result<bench::Measurements> read = bench::read_measurements(file);
        if (!read) {
            errors.push_back(read.error());
            continue;
        }
        if (Result<void> kept = keep_only(options.benchmarks, file, *read); !kept) {
            errors.push_back(kept.error());
            continue;
        }
        material.subject.benchmarks.push_back(page::part_of(*read, prefix()));
        material.measurements.push_back(std::move(*read));
    }
    return errors;
}

std::vector<page::Figure> figures_of(const page::Subject& subject) {
    std::vector<page::Figure> figures;
    for (const page::BenchmarkPart& part : subject.benchmarks) {
        for (const page::FigureBlock& block : part.blocks)
            figures.insert(figures.end(), block.figures.begin(), block.figures.end());
    }
    return figures;
}

Result<page::Drawings> drawings_of(const ReportOptions& options, const page::Subject& subject) {
    const std::vector<page::Figure> figures = figures_of(subject);
    if (options.no_charts || figures.empty()) return page::Drawings{};
    Result<TemporaryFolder> folder = TemporaryFolder::make();
    if (!folder) return tl::unexpected(folder.error());
    return page::draw(figures, folder->path().string());
}

/// Pictures first: what refers to them comes when they are there.
Result<void> write_page(const ReportOptions& options, const page::Subject& subject,
                        const page::Drawings& drawings) {
    for (const auto& [name, drawing] : drawings) {
        if (Result<void> written = write_file(options.output / (name + ".svg"), drawing); !written)
            return written;
    }
    if (Result<void> written =
            write_file(options.output / "report.md", page::markdown(subject, drawings));
        !written)
        return written;
    return write_file(options.output / "index.html", page::html(subject, drawings));
}

Result<void> write_readme(const ReportOptions& options, const Material& material) {
    const Result<std::string> text = read_file(options.readme);
    if (!text) return tl::unexpected(text.error());
    const Result<std::string> filled =
        page::fill_readme(*text, options.readme.string(), material.measurements);
    if (!filled) return tl::unexpected(filled.error());
    return write_file(options.readme, *filled);
}

std::optional<Error> mistake_in(const ReportOptions& options) {
    if (options.output.empty() && options.readme.empty()) {
        return Error{"", 0, "nothing to write: neither -o nor --readme was given",
                     "name the folder of the page with -o DIR"};
    }
    std::vector<Output> outputs{{"--readme", options.readme}};
    if (!options.output.empty()) {
        outputs.push_back({"-o", options.output / "index.html"});
        outputs.push_back({"-o", options.output / "report.md"});
    }
    const std::vector<fs::path> inputs(options.files.begin(), options.files.end());
    return overwritten(outputs, inputs);
}

Ended report(const ReportOptions& options) {
    if (const std::optional<Error> mistake = mistake_in(options)) return *mistake;
    const Results<Sorted> files = sorted(options.files);
    if (!files) return files.error();
    Material material;
    material.subject.made_by = "exportgate " EXPORTGATE_VERSION;
    Errors errors;
    if (!files->records.empty()) errors = add_runs(options, files->records, material);
    const Errors more = add_benchmarks(options, *files, material);
    errors.insert(errors.end(), more.begin(), more.end());
    if (!errors.empty()) return errors;

    const page::Conclusion conclusion = page::conclude(material.subject);
    if (!options.output.empty()) {
        const Result<page::Drawings> drawings = drawings_of(options, material.subject);
        if (!drawings) return drawings.error();
        if (Result<void> written = write_page(options, material.subject, *drawings); !written)
            return written.error();
    }
    if (!options.readme.empty()) {
        if (Result<void> written = write_readme(options, material); !written)
            return written.error();
    }
    Errors met;
    for (page::Run& run : material.subject.runs) {
        // Broken cases were named before.
        auto& problems = run.judged.problems;
        problems.erase(problems.end() - std::ssize(material.workspace.broken), problems.end());
        met.insert(met.end(), problems.begin(), problems.end());
    }
    std::string text = fmt::format("{}. {}\n", conclusion.sentence(), conclusion.word);
    if (!options.output.empty())
        text += fmt::format("open {}\n", (options.output / "index.html").string());
    return {print(text) ? conclusion.exit_code : static_cast<int>(cannot_judge), std::move(met)};
}

}  // namespace

void add_report(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* command = app.add_subcommand(
        "report", "One page (HTML, and Markdown) about records and benchmarks, with charts");
    command
        ->add_option("files", options->files,
                     "What `run`, `bench` and `bench --against` wrote, in any order")
        ->type_name("FILE")
        ->required();
    command->add_option("-o,--output", options->output, "Folder for index.html, report.md, *.svg")
        ->type_name("DIR");
    command
        ->add_option("--readme", options->readme,
                     "Write the table of benchmarks between the markers of this file")
        ->type_name("FILE");
    command
        ->add_option("--benchmarks", options->benchmarks,
                     "Glob on names of measured benchmarks, may be given several times; what "
                     "`bench --against` judged is always shown whole")
        ->type_name("GLOB")
        ->allow_extra_args(false);
    command->add_option("--only", options->only, "Glob on cell names, may be given several times")
        ->type_name("GLOB")
        ->allow_extra_args(false);  // what follows is a file
    command->add_flag("--no-charts", options->no_charts,
                      "Leave the charts away, which take gnuplot; the tables say the same");
    add_folder_options(*command, options->folders, project);
    add_today_option(*command, options->folders.today);
    command->footer(
        "Examples:\n"
        "  exportgate report tests/recordings/*.jsonl -o build/page\n"
        "  exportgate report .exportgate/last.jsonl .exportgate/bench-default.json -o build/page\n"
        "Exit codes: 0 good, 1 a verdict fails or a benchmark is slower, 2 could not be judged.");
    command->callback([options, &exit_code] { exit_code = finish(report(*options)); });
}

}  // namespace exportgate::cli
