#include "verdict/upgrade.h"

#include <optional>
#include <set>

#include "accepting.h"
#include "base/files.h"
#include "base/text.h"
#include "commands.h"
#include "ended.h"
#include "judge_record.h"
#include "mistakes_in_accepting.h"
#include "outputs.h"
#include "report/cell_sets.h"
#include "report/upgrade_report.h"
#include "report/wording.h"
#include "temporary_folder.h"
#include "terminal.h"
#include "upgrade_side.h"
#include "verdict/waive.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

constexpr std::size_t most_globs_in_a_message = 6;

struct UpgradeOptions {
    Folders folders;
    std::string before;
    std::string after;
    SideOptions sides;
    std::vector<std::string> only;
    bool strict = false;
    std::filesystem::path markdown;
    std::filesystem::path json;
    std::filesystem::path junit;
    bool accept = false;
    std::string why;
};

std::optional<Error> mistake_in(const UpgradeOptions& options) {
    const bool has_reason = options.why.find_first_not_of(" \t\n") != std::string::npos;
    if (options.accept && !has_reason) {
        return Error{"", 0, "--accept without a reason",
                     "say with --why TEXT why the outcomes of B are right; it is kept in "
                     "expected.tsv"};
    }
    if (options.accept) return refusal_under_ci();
    if (!options.why.empty())
        return Error{"", 0, "--why is the reason to accept", "add --accept, or leave it away"};
    return std::nullopt;
}

/// The cells whose outcomes in B are accepted. Waived ones are not: their goldens are what they are
/// waived from.
std::vector<matrix::Cell> cells_to_accept(const verdict::Upgrade& compared) {
    std::vector<matrix::Cell> cells;
    for (const verdict::Judgement& judgement : compared.judged.judgements) {
        if (judgement.observed && judgement.verdict != verdict::Verdict::waived)
            cells.push_back(judgement.cell);
    }
    return cells;
}

std::vector<matrix::Cell> regressed_cells(const verdict::Upgrade& compared) {
    std::vector<matrix::Cell> cells;
    for (const verdict::Judgement& judgement : compared.judged.judgements) {
        if (judgement.verdict == verdict::Verdict::regressed) cells.push_back(judgement.cell);
    }
    return cells;
}

/// Writes B's outcomes into the goldens. What regressed is accepted only where its cells were
/// named: whoever accepts a release as a whole has not decided that.
Ended accept_outcomes(const UpgradeOptions& options, const Workspace& workspace,
                      const verdict::Upgrade& compared, const record::Record& after) {
    if (compared.judged.exit_code == cannot_judge) {
        return Error{"", 0, "nothing was accepted: what could not be judged is not accepted",
                     "mend what is said above, or select other cells with --only"};
    }
    if (const std::vector<matrix::Cell> regressed = regressed_cells(compared);
        !regressed.empty() && options.only.empty()) {
        const std::vector<std::string> globs =
            report::patterns(regressed, workspace.cells, most_globs_in_a_message);
        return {
            verdict_fails,
            {Error{
                "", 0,
                "nothing was accepted: " + report::counted(regressed.size(), "cell") + " regressed",
                "name the cells to accept with --only" +
                    (globs.empty() ? "" : "; these regressed: '" + join(globs, "' '") + "'")}}};
    }
    const std::vector<matrix::Cell> cells = cells_to_accept(compared);
    if (cells.empty()) {
        const bool told = print(
            "\nnothing to accept: all cells are waived or not there; to accept a waived one, "
            "remove "
            "the waiver\n");
        return told ? good : cannot_judge;
    }
    const run::Descriptor lock = lock_goldens(options.folders.golden);
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, workspace);
    if (!goldens) return goldens.error();
    const Results<std::vector<Proposal>> proposed =
        proposals_from(after, options.folders, workspace, *goldens, cells);
    if (!proposed) return proposed.error();
    if (!print("\n")) return cannot_judge;
    Ended accepted = accept_all(*proposed, workspace, options.why, "");
    if (accepted.exit_code() != good) return accepted;
    if (!print(how_to_see(*proposed))) return cannot_judge;
    return recheck(options.sides.recordings, options.folders, workspace, *goldens, *proposed);
}

std::vector<Output> outputs_of(const UpgradeOptions& options) {
    return {{"--markdown", options.markdown}, {"--json", options.json}, {"--junit", options.junit}};
}

/// Writes the reports that were asked for. Errors name the file.
Result<void> write_upgrade_reports(const UpgradeOptions& options,
                                   const verdict::Upgrade& compared) {
    if (!options.markdown.empty()) {
        if (Result<void> written = write_file(options.markdown, report::upgrade_markdown(compared));
            !written)
            return written;
    }
    if (!options.json.empty()) {
        if (Result<void> written = write_file(options.json, report::upgrade_json(compared));
            !written)
            return written;
    }
    if (!options.junit.empty()) return write_file(options.junit, report::upgrade_junit(compared));
    return {};
}

bool was_interrupted(const ObservedSide& side) {
    return side.observed && side.record.footer.reason == "interrupted";
}

Ended nothing_compared(const ObservedSide& side) {
    return {interrupted,
            {Error{side.record.file, 0, "interrupted; nothing was compared", "run again"}}};
}

struct Sides {
    ObservedSide before;
    ObservedSide after;
};

/// Both sides, or how the command ends where they cannot be compared. Both are found before one of
/// them is run: a mistake in the second must not cost a run of the first.
tl::expected<Sides, Ended> observe_sides(const UpgradeOptions& options, const Workspace& workspace,
                                         const std::vector<matrix::Cell>& cells) {
    const bool is_same = options.before == options.after;
    const Result<UpgradeSide> from = find_side(options.before, options.sides);
    const Result<UpgradeSide> to = is_same ? from : find_side(options.after, options.sides);
    Errors unknown;
    if (!from) unknown.push_back(from.error());
    if (!to && !is_same) unknown.push_back(to.error());
    if (!unknown.empty()) return tl::unexpected<Ended>(unknown);

    SideOptions saving = options.sides;
    SideOptions loading = options.sides;
    std::optional<TemporaryFolder> programs;
    const std::set<std::string> handed =
        can_hand_programs(*from, *to) ? cells_to_hand(*from, *to, options.sides, workspace, cells)
                                      : std::set<std::string>{};
    if (!handed.empty()) {
        Result<TemporaryFolder> made = TemporaryFolder::make();
        if (!made) return tl::unexpected<Ended>(made.error());
        programs.emplace(std::move(*made));
        saving.how.save_programs = loading.how.load_programs = programs->path();
        saving.how.is_needed = loading.how.is_needed = [&handed](const matrix::Cell& cell) {
            return handed.contains(cell.name());
        };
    }
    const Results<ObservedSide> before = observe_side(*from, saving, workspace, cells);
    // At once: B may be an environment, whose cells would run for nothing.
    if (!before) return tl::unexpected<Ended>(before.error());
    if (was_interrupted(*before)) return tl::unexpected(nothing_compared(*before));
    const Results<ObservedSide> after =
        is_same ? before : observe_side(*to, loading, workspace, cells);
    if (!after) return tl::unexpected<Ended>(after.error());
    if (was_interrupted(*after)) return tl::unexpected(nothing_compared(*after));
    return Sides{*before, *after};
}

Ended upgrade(const UpgradeOptions& options) {
    if (const std::optional<Error> mistake = mistake_in(options)) return *mistake;
    // What is named already before cells are run, which takes minutes.
    const std::vector<Output> outputs = outputs_of(options);
    const std::vector<std::filesystem::path> named{options.before, options.after};
    if (const std::optional<Error> error = overwritten(outputs, named)) return *error;
    const Results<Workspace> workspace =
        load_workspace(options.folders, options.only, WhereBroken::leave_out);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, workspace->patterns);
    if (!selected) return selected.error();
    const tl::expected<Sides, Ended> sides = observe_sides(options, *workspace, *selected);
    if (!sides) return sides.error();
    const auto& [before, after] = *sides;
    const std::vector<std::filesystem::path> read{before.record.file, after.record.file};
    if (const std::optional<Error> error = overwritten(outputs, read)) return *error;
    verdict::Upgrade compared =
        verdict::upgrade(before.record, after.record, workspace->cases, *selected, options.strict);
    verdict::apply_waivers(compared.judged, workspace->cases, options.folders.today,
                           verdict::Against::record);
    const Errors& broken = workspace->broken;
    compared.judged.problems.insert(compared.judged.problems.end(), broken.begin(), broken.end());
    verdict::settle(compared);
    compared.before.origin = before.origin;
    compared.after.origin = after.origin;
    // Files first: a reader of the terminal who has seen enough (`| head`) ends the process.
    const Result<void> written = write_upgrade_reports(options, compared);
    if (!print(report::upgrade_console(compared, console_style()))) return cannot_judge;
    if (!written) return written.error();
    if (options.accept) return accept_outcomes(options, *workspace, compared, after.record);
    return compared.judged.exit_code;
}

}  // namespace

void add_upgrade(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<UpgradeOptions>();
    CLI::App* command = app.add_subcommand(
        "upgrade", "What a move from torch A to torch B makes better, worse or different");
    command
        ->add_option("A", options->before,
                     "The torch you are on: a record's file, an environment, or a torch release")
        ->required();
    command->add_option("B", options->after, "The torch you want to move to")->required();
    command
        ->add_option("--only", options->only, "Globs on cell names; all cells where none is given")
        ->type_name("GLOB");
    command->add_flag("--strict", options->strict, "Fail on changes to review, too");
    add_folder_options(*command, options->folders, project);
    add_today_option(*command, options->folders.today);
    add_recordings_option(*command, options->sides.recordings, project,
                          "Folder of records, each named by its torch release");
    command
        ->add_option("--markdown", options->markdown,
                     "Write a comment for a pull request, in Markdown")
        ->type_name("FILE");
    command->add_option("--json", options->json, "Write the comparison as JSON")->type_name("FILE");
    command
        ->add_option("--junit", options->junit,
                     "Write a JUnit report, one testcase per cell; what regressed is a failure")
        ->type_name("FILE");
    command->add_flag("--accept", options->accept,
                      "After the report, make B's outcomes the expectation from its torch on; "
                      "needs --why. Nothing is accepted where something could not be judged, "
                      "and what regressed only where --only names the cells; waived cells keep "
                      "their expectation");
    command->add_option("--why", options->why,
                        "With --accept: why the outcomes are right; kept in expected.tsv");
    add_observing_options(*command, options->sides.how, project);
    command->footer(
        "Examples:\n"
        "  exportgate upgrade 2.8.0 2.10.0 --only '*/module/*'\n"
        "  exportgate upgrade before.jsonl nightly --markdown comment.md\n"
        "A side is the first of: a file, an environment of that name or with that torch (its cells "
        "are run), a release in --recordings.\n"
        "Exit codes: 0 GO, 1 NO-GO, 2 cannot be judged; with --accept that of accepting.");
    command->callback([options, &exit_code] { exit_code = finish(upgrade(*options)); });
}

}  // namespace exportgate::cli
