#include "accepting.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "base/text.h"
#include "commands.h"
#include "document/console.h"
#include "ended.h"
#include "golden/plan.h"
#include "judge_record.h"
#include "mistakes_in_accepting.h"
#include "pending_changes.h"
#include "report/cell_sets.h"
#include "report/reason_words.h"
#include "report/summary.h"
#include "report/wording.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

constexpr std::size_t most_folders = 4;  // in a command that a person copies

/// As a shell takes it for one word.
std::string in_shell(const std::string& path) {
    constexpr std::string_view safe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    if (path.find_first_not_of(safe) == std::string::npos) return path;
    std::string quoted = "'";
    for (const char c : path)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

bool contains(std::span<const matrix::Cell> cells, const matrix::Cell& cell) {
    return std::find(cells.begin(), cells.end(), cell) != cells.end();
}

/// Rows with the same news share a paragraph: "accepted  24 cells since 2.6.0: exported" and which.
std::string notes_text(const std::string& word, const std::string& case_name,
                       std::span<const golden::RowNote> notes, const Workspace& workspace) {
    std::vector<std::pair<std::string, std::vector<matrix::Cell>>> groups;
    for (const golden::RowNote& note : notes) {
        const auto cell = matrix::parse_cell(matrix::cell_name(case_name, note.cell));
        if (!cell) continue;  // rows are only written of names that can be parsed
        auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& each) { return each.first == note.what; });
        if (group == groups.end()) group = groups.insert(group, {note.what, {}});
        group->second.push_back(*cell);
    }
    std::string text;
    for (const auto& [what, cells] : groups) {
        text += fmt::format("{}  {} {}\n", word, report::counted(cells.size(), "cell"), what);
        for (const std::string& set : report::describe(cells, workspace.cells))
            text += fmt::format("  {}\n", set);
    }
    return text;
}

std::string closing(const Proposal& proposal, const golden::Accepted& accepted) {
    const std::string& torch = proposal.environment.torch;
    const std::string others =
        proposal.others == 1 ? "1 other cell is" : fmt::format("{} others are", proposal.others);
    std::string text = proposal.golden.case_name + ": ";
    text += proposal.cells.empty()
                ? fmt::format("nothing to accept of torch {}", torch)
                : fmt::format("{} accepted for torch {}",
                              report::counted(proposal.cells.size(), "cell"), torch);
    if (proposal.covers == golden::Covers::all) {
        const bool is_new = accepted.golden.recorded.size() > proposal.golden.recorded.size();
        text += fmt::format(", which is recorded{}: all its cells are as expected\n",
                            is_new ? " now" : "");
    } else if (proposal.cells.empty()) {
        text += fmt::format(": the selected cells are as expected, {} not\n", others);
    } else if (proposal.others > 0) {
        text += fmt::format(", which is recorded in part: {} not as expected yet\n", others);
    } else {
        text +=
            ", which is recorded in part: not all its cells were observed, or some "
            "were rejected\n";
    }
    if (proposal.waived > 0) {
        text += fmt::format(
            "{} waived and left alone: to accept, remove the waiver\n",
            proposal.waived == 1 ? "1 of them is" : fmt::format("{} of them are", proposal.waived));
    }
    return text;
}

bool is_of_a_release_of(std::span<const Proposal> accepted,
                        const record::Environment& environment) {
    const auto torch = TorchVersion::parse(environment.torch);
    return std::any_of(accepted.begin(), accepted.end(), [&](const Proposal& each) {
        const auto other = TorchVersion::parse(each.environment.torch);
        return torch && other && *torch == *other;
    });
}

/// The cells that were as expected in `before` and differ in `after`, two verdicts of one record.
std::vector<matrix::Cell> no_longer_expected(const verdict::Judged& before,
                                             const verdict::Judged& after) {
    std::vector<matrix::Cell> cells;
    for (std::size_t i = 0; i < after.judgements.size(); ++i) {
        if (before.judgements[i].verdict == verdict::Verdict::as_expected &&
            after.judgements[i].verdict != verdict::Verdict::as_expected)
            cells.push_back(after.judgements[i].cell);
    }
    return cells;
}

Error was_as_expected(const record::Record& record, const std::vector<matrix::Cell>& cells) {
    const std::string& build = record.header.environment.torch_build;
    return {record.file, 0,
            fmt::format("{} of torch {} {} no longer as expected, the first is {}",
                        report::counted(cells.size(), "cell"), build,
                        cells.size() == 1 ? "is" : "are", cells.front().name()),
            "where both outcomes are right, accept this record, then the other one with --when, "
            "such as build==cpu or python>=3.12; where this record is old, record it again"};
}

}  // namespace

std::string how_to_see(std::span<const Proposal> accepted) {
    std::vector<std::string> folders;
    std::string root;
    for (const Proposal& each : accepted) {
        if (each.cells.empty()) continue;
        const std::string folder = in_shell(each.golden.directory.string());
        if (std::find(folders.begin(), folders.end(), folder) == folders.end())
            folders.push_back(folder);
        root = in_shell(each.golden.directory.parent_path().string());
    }
    if (folders.empty()) return "";
    const std::string where = folders.size() > most_folders ? root : join(folders, " ");
    return fmt::format(
        "review with: git add -N {0} && git diff HEAD -C --find-copies-harder -- {0}\n", where);
}

run::Descriptor lock_goldens(const std::filesystem::path& golden) {
    // The folder around them, which is there before the first is accepted: no file is left behind.
    std::error_code ignored;
    std::filesystem::path folder =
        std::filesystem::weakly_canonical(std::filesystem::absolute(golden, ignored), ignored)
            .parent_path();
    while (folder.has_relative_path() && !std::filesystem::is_directory(folder, ignored))
        folder = folder.parent_path();
    run::Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    while (lock.open() && ::flock(lock.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
    return lock;
}

Results<std::vector<Proposal>> proposals_from(const record::Record& record, const Folders& folders,
                                              const Workspace& workspace,
                                              std::span<const golden::Golden> goldens,
                                              std::span<const matrix::Cell> selected) {
    const verdict::Judged judged =
        judge_record(record, folders, workspace, goldens, workspace.cells);
    Errors errors = judged.problems;
    if (record.header.seed != 0) {
        errors.push_back(
            {record.file, 0,
             fmt::format("made with --seed {}: goldens hold what seed 0 gives", record.header.seed),
             "run again without --seed"});
    }
    if (const auto& left_out = record.header.checks_left_out; !left_out.empty()) {
        errors.push_back({record.file, 0,
                          fmt::format("made with --checks, which left {} out: a golden holds what "
                                      "every check says",
                                      join(left_out, ", ")),
                          "run again without --checks"});
    }
    std::map<std::string, Proposal> proposals;
    std::map<std::string, std::size_t> unsettled;
    for (const verdict::Judgement& judgement : judged.judgements) {
        const bool chosen = contains(selected, judgement.cell);
        if (chosen && !judgement.observed) {
            errors.push_back({record.file, 0,
                              fmt::format("{}: {}", judgement.cell.name(),
                                          judgement.reasons.empty()
                                              ? "not observed"
                                              : report::words_of(judgement.reasons.front())),
                              "select cells that were observed, or run again"});
            continue;
        }
        const std::string folder = judgement.cell.folder();
        if (chosen) proposals.try_emplace(folder);
        if (verdict::is_settled(judgement)) continue;
        if (chosen && judgement.verdict == verdict::Verdict::waived) {
            ++proposals[folder].waived;
            ++unsettled[folder];
        } else if (chosen) {
            proposals[folder].cells.push_back(
                {judgement.cell.name_in_folder(), *judgement.observed});
        } else {
            ++unsettled[folder];
        }
    }
    if (errors.empty() && proposals.empty()) {
        errors.push_back({record.file, 0,
                          fmt::format("the selected cells are not declared for torch {}",
                                      record.header.environment.torch),
                          "case.toml says which torch is the first"});
    }
    if (!errors.empty()) return tl::unexpected(errors);
    std::vector<Proposal> all;
    for (const golden::Golden& golden : goldens) {
        const auto found = proposals.find(golden.case_name);
        if (found == proposals.end()) continue;
        found->second.golden = golden;
        found->second.environment = record.header.environment;
        if (record.header.made_of)
            found->second.files = record::files_of_case(record, golden.case_name);
        found->second.others = unsettled[golden.case_name];
        if (found->second.others == 0) found->second.covers = golden::Covers::all;
        all.push_back(std::move(found->second));
    }
    return all;
}

/// Outcomes are accepted only where the case declares what it declared when they were observed.
std::int64_t seed_of(const Proposal& proposal, const Workspace& workspace) {
    for (const matrix::Case& one : workspace.cases) {
        if (matrix::folder_of(one.name) == proposal.golden.case_name) return one.seed;
    }
    return 0;
}

/// What was accepted of several cases before one could not be written.
Error how_far(std::span<const Proposal> proposals, std::size_t done) {
    const auto names = [&](std::size_t from, std::size_t to) {
        std::vector<std::string> texts;
        for (std::size_t i = from; i < to; ++i)
            texts.push_back(proposals[i].golden.case_name);
        return join(texts, ", ");
    };
    return {"", 0,
            done == 0 ? "nothing was accepted"
                      : fmt::format("stopped half-way: {} {} accepted, not {}", names(0, done),
                                    done == 1 ? "is" : "are", names(done, proposals.size())),
            "mend what is said above and accept again: what is done stays"};
}

Ended accept_all(std::span<const Proposal> proposals, const Workspace& workspace,
                 const std::string& why, const std::string& when) {
    if (const std::optional<Error> refusal = refusal_under_ci()) return *refusal;
    if (const Errors errors = obstacles_to_accepting(proposals, workspace); !errors.empty())
        return errors;
    for (const Proposal& each : proposals) {
        if (auto plan = golden::plan_accept(each.golden, each.environment, each.cells, each.covers,
                                            why, when, seed_of(each, workspace));
            !plan)
            return plan.error();
    }
    if (!print(note_on_files(proposals))) return cannot_judge;
    for (std::size_t i = 0; i < proposals.size(); ++i) {
        const Proposal& each = proposals[i];
        const std::string& name = each.golden.case_name;
        const Result<golden::Accepted> accepted =
            golden::accept(each.golden, each.environment, each.cells, each.covers, why, when,
                           seed_of(each, workspace));
        if (!accepted) return Errors{accepted.error(), how_far(proposals, i)};
        std::string text = notes_text("ACCEPTED", name, accepted->changed, workspace);
        text += notes_text("RESTORED", name, accepted->restored, workspace);
        for (const std::string& line : accepted->notices)
            text += fmt::format("note: {}\n", line);
        if (!print(text + closing(each, *accepted))) return cannot_judge;
    }
    return good;
}

Ended recheck(const std::filesystem::path& recordings, const Folders& folders,
              const Workspace& workspace, std::span<const golden::Golden> before,
              std::span<const Proposal> accepted) {
    std::error_code ignored;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(recordings, ignored)) {
        if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    if (files.empty()) return good;
    std::sort(files.begin(), files.end());
    const Results<std::vector<golden::Golden>> goldens = load_goldens(folders, workspace);
    if (!goldens) return goldens.error();
    std::vector<report::RecordSummary> summaries;
    Errors met;
    int exit_code = good;
    for (const std::filesystem::path& file : files) {
        const Result<record::Record> record = read_record(file, workspace);
        if (!record) {
            met.push_back(record.error());
            exit_code = cannot_judge;
            continue;
        }
        const verdict::Judged judged =
            judge_record(*record, folders, workspace, *goldens, workspace.cells);
        summaries.push_back(report::summarise(file.string(), judged));
        // Of other releases, those that are recorded keep what they expect, and the rest is not
        // accepted yet.
        if (!is_of_a_release_of(accepted, record->header.environment)) continue;
        const auto cells = no_longer_expected(
            judge_record(*record, folders, workspace, before, workspace.cells), judged);
        if (cells.empty()) continue;
        met.push_back(was_as_expected(*record, cells));
        exit_code = std::max<int>(exit_code, verdict_fails);
    }
    report::sort_by_release(summaries);
    const std::string text = fmt::format(
        "\nthe records in {} under these goldens:\n{}", recordings.string(),
        document::console({report::summary_lines(summaries)}, {console_style().colour}));
    if (!print(text)) return cannot_judge;
    return {exit_code, std::move(met)};
}

}  // namespace exportgate::cli
