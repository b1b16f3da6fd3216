#include "judge_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "golden/checks_column.h"
#include "outcome/outcome.h"
#include "report/report.h"
#include "verdict/waive.h"

namespace exportgate::cli {

Results<std::vector<golden::Golden>> load_goldens(const Folders& folders,
                                                  const Workspace& workspace) {
    std::vector<golden::Golden> goldens;
    Errors errors;
    for (const std::string& folder : folders_of(workspace)) {
        Results<golden::Golden> loaded = golden::load(folders.golden, folder);
        if (loaded) {
            goldens.push_back(std::move(*loaded));
        } else {
            errors.insert(errors.end(), loaded.error().begin(), loaded.error().end());
        }
    }
    if (!errors.empty()) return tl::unexpected(errors);
    return goldens;
}

void add_report_options(CLI::App& command, ReportFiles& files) {
    command.add_option("--junit", files.junit, "Write a JUnit report, one testcase per cell")
        ->type_name("FILE");
    command.add_option("--json", files.json, "Write the judged matrix as JSON")->type_name("FILE");
    command
        .add_option("--outcomes", files.outcomes,
                    "Write every cell's canonical outcome: outcomes.tsv and the texts that it "
                    "names, byte-identical for equal outcomes")
        ->type_name("DIR");
}

namespace {

/// One line of outcomes.tsv: the checks as a golden spells them, the way a person compares two
/// runs.
std::string outcome_line(const verdict::Judgement& judgement, const std::string& file,
                         const std::string& decomposed) {
    return fmt::format("{}\t{}\t{}\t{}\t{}\n", judgement.cell.name(),
                       outcome::to_string(judgement.observed->status), file, decomposed,
                       golden::print_checks(judgement.observed->checks));
}

/// The name of the file that now holds the text.
Result<std::string> write_outcome_text(const std::filesystem::path& folder, std::string_view prefix,
                                       const std::string& text) {
    const std::string name = fmt::format("{}{}.txt", prefix, digest(text));
    if (Result<void> written = write_file(folder / name, text); !written)
        return tl::unexpected(written.error());
    return name;
}

Result<void> write_outcomes(const std::filesystem::path& folder, const verdict::Judged& judged) {
    std::string table = "cell\toutcome\tfile\tdecomposed\tchecks\n";
    for (const verdict::Judgement& judgement : judged.judgements) {
        if (!judgement.observed) {
            table += fmt::format("{}\tunobserved\t-\t-\t-\n", judgement.cell.name());
            continue;
        }
        const Result<std::string> file = write_outcome_text(folder, "", judgement.observed->text);
        if (!file) return tl::unexpected(file.error());
        const std::string& program = judgement.observed->decomposed;
        const Result<std::string> decomposed =
            program.empty() ? Result<std::string>("-")
                            : write_outcome_text(folder, "decomposed-", program);
        if (!decomposed) return tl::unexpected(decomposed.error());
        table += outcome_line(judgement, *file, *decomposed);
    }
    return write_file(folder / "outcomes.tsv", table);
}

}  // namespace

Result<void> write_reports(const ReportFiles& files, const verdict::Judged& judged) {
    if (!files.junit.empty()) {
        if (Result<void> written = write_file(files.junit, report::junit(judged)); !written)
            return written;
    }
    if (!files.json.empty()) {
        if (Result<void> written = write_file(files.json, report::json(judged)); !written)
            return written;
    }
    if (!files.outcomes.empty()) return write_outcomes(files.outcomes, judged);
    return {};
}

std::string seed_notes(const record::Record& record, const Workspace& workspace,
                       std::span<const golden::Golden> goldens,
                       std::span<const matrix::Cell> selected) {
    std::string text;
    if (record.header.seed != 0) {
        text += fmt::format("note: observed with --seed {}; goldens hold what seed 0 gives\n",
                            record.header.seed);
    }
    const auto torch = TorchVersion::parse(record.header.environment.torch);
    std::string previous;
    for (const matrix::Case& one : workspace.cases) {
        const std::string name = matrix::folder_of(one.name);
        if (name == std::exchange(previous, name)) continue;  // its cases have one seed
        const auto golden = std::find_if(goldens.begin(), goldens.end(),
                                         [&](const auto& each) { return each.case_name == name; });
        const bool is_selected =
            std::any_of(selected.begin(), selected.end(),
                        [&](const matrix::Cell& cell) { return cell.folder() == name; });
        if (!torch || golden == goldens.end() || !is_selected) continue;
        const auto seeds = golden::seeds_at(*golden, *torch);
        if (seeds.empty() || seeds == std::set<std::int64_t>{one.seed}) continue;
        text += fmt::format(
            "note: case {0} has seed {1}, and its goldens were accepted with seed {2}: values are "
            "other ones; `exportgate accept --record FILE '{0}/*'` takes what came with seed {1}\n",
            name, one.seed, fmt::join(seeds, " and "));
    }
    return text;
}

verdict::Judged judge_record(const record::Record& record, const Folders& folders,
                             const Workspace& workspace, std::span<const golden::Golden> goldens,
                             std::span<const matrix::Cell> selected) {
    verdict::Judged judged = verdict::judge(record, workspace.cases, goldens, selected);
    verdict::apply_waivers(judged, workspace.cases, folders.today);
    verdict::settle(judged);
    if (selected.size() == workspace.cells.size() && workspace.left_out.empty()) {
        verdict::add_orphans(judged, golden::orphans(folders.golden, goldens, workspace.cells));
    }
    return judged;
}

}  // namespace exportgate::cli
