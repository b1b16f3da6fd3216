#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "accepting.h"
#include "base/printable.h"
#include "base/text.h"
#include "commands.h"
#include "ended.h"
#include "golden/change.h"
#include "golden/leftovers.h"
#include "judging.h"
#include "mistakes_in_accepting.h"
#include "report/cell_sets.h"
#include "report/wording.h"
#include "terminal.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct AcceptOptions {
    Folders folders;
    std::vector<std::string> patterns;
    std::string record;
    std::string why;
    std::string when;
    std::string group;  // of the cells, only those with this change
    bool review = false;
    std::filesystem::path recordings;
};

/// Cells with one change.
struct Group {
    std::string change;
    std::vector<matrix::Cell> cells;
};

/// In the order in which their first cells come.
std::vector<Group> groups_of(const std::vector<Proposal>& proposals) {
    std::vector<Group> groups;
    for (const Proposal& each : proposals) {
        for (const golden::Pending& pending : each.cells) {
            std::string change = golden::change_text(each.golden, each.environment, pending);
            auto group = std::find_if(groups.begin(), groups.end(),
                                      [&](const Group& one) { return one.change == change; });
            if (group == groups.end()) group = groups.insert(group, {std::move(change), {}});
            group->cells.push_back(*matrix::parse_cell(each.golden.case_name + "/" + pending.cell));
        }
    }
    return groups;
}

Ended review(const std::vector<Proposal>& proposals, const Workspace& workspace) {
    std::string text;
    for (const Group& group : groups_of(proposals)) {
        const std::string name = golden::change_name(group.change);
        text += fmt::format("{}  {}\n", name, report::counted(group.cells.size(), "cell"));
        for (const std::string& set : report::describe_across_cases(group.cells, workspace.cells))
            text += fmt::format("  {}\n", set);
        for (const std::string_view line : split(group.change, '\n'))
            text += line.empty() ? "\n" : fmt::format("    {}\n", printable(line));
        text +=
            fmt::format("  if it is right: exportgate accept --group {} --why \"...\"\n\n", name);
    }
    return print(text) ? good : cannot_judge;
}

/// Leaves the cells of the named change; the others of their cases are not accepted.
Result<void> keep_group(const std::string& name, std::vector<Proposal>& proposals) {
    bool any = false;
    for (Proposal& each : proposals) {
        const std::size_t left_out = std::erase_if(each.cells, [&](const golden::Pending& pending) {
            return golden::change_name(
                       golden::change_text(each.golden, each.environment, pending)) != name;
        });
        any = any || !each.cells.empty();
        each.others += left_out;
        if (left_out > 0) each.covers = golden::Covers::part;
    }
    std::erase_if(proposals, [](const Proposal& each) { return each.cells.empty(); });
    if (any) return {};
    return tl::unexpected(Error{"", 0, "no change is called " + name,
                                "`exportgate accept --review` shows the changes by name; a name is "
                                "another one once its change is"});
}

/// What one case has pending, as far as it was selected. Everything that it declares is covered
/// where what is not pending was seen as the goldens still expect it.
std::optional<Proposal> proposal_of(const golden::Golden& golden, golden::PendingFile file,
                                    const Workspace& workspace,
                                    const std::set<std::string>& selected) {
    std::set<std::string> settled;
    for (const golden::Settled& each : file.settled) {
        if (golden::is_expected(golden, file.environment, each)) settled.insert(each.cell);
    }
    Proposal proposal{golden, file.environment, {}, golden::Covers::part, 0};
    proposal.files = std::move(file.files);
    for (golden::Pending& each : file.pending) {
        if (!selected.contains(golden.case_name + "/" + each.cell)) {
            ++proposal.others;
            continue;
        }
        settled.insert(each.cell);
        proposal.cells.push_back(std::move(each));
    }
    if (proposal.cells.empty()) return std::nullopt;
    const std::vector<matrix::Cell> declared =
        declared_at(workspace, golden.case_name, file.environment.torch);
    if (std::all_of(declared.begin(), declared.end(), [&](const matrix::Cell& cell) {
            return settled.contains(cell.name_in_case());
        }))
        proposal.covers = golden::Covers::all;
    return proposal;
}

/// Of every case, what is pending and was selected.
Results<std::vector<Proposal>> pending_proposals(const std::vector<golden::Golden>& goldens,
                                                 const Workspace& workspace,
                                                 const std::vector<matrix::Cell>& selected) {
    std::set<std::string> names;
    for (const matrix::Cell& cell : selected)
        names.insert(cell.name());
    std::vector<Proposal> all;
    Errors errors;
    for (const golden::Golden& golden : goldens) {
        Results<std::optional<golden::PendingFile>> pending = golden::load_pending(golden);
        if (!pending) {
            errors.insert(errors.end(), pending.error().begin(), pending.error().end());
            continue;
        }
        if (!*pending) continue;
        if (auto proposal = proposal_of(golden, std::move(**pending), workspace, names))
            all.push_back(std::move(*proposal));
    }
    if (errors.empty() && all.empty()) {
        errors.push_back({"", 0, "nothing is pending for these cells",
                          "`exportgate run` leaves what differs from the goldens pending; --record "
                          "takes outcomes from a record"});
    }
    if (!errors.empty()) return tl::unexpected(errors);
    return all;
}

Results<std::vector<Proposal>> proposals(const AcceptOptions& options, const Workspace& workspace,
                                         const std::vector<golden::Golden>& goldens,
                                         const std::vector<matrix::Cell>& selected) {
    if (options.record.empty()) return pending_proposals(goldens, workspace, selected);
    const Result<record::Record> record = read_record(options.record, workspace);
    if (!record) return tl::unexpected(Errors{record.error()});
    return proposals_from(*record, options.folders, workspace, goldens, selected);
}

/// A review shows what would be accepted, and accepts nothing.
std::optional<Error> mistake_in(const AcceptOptions& options) {
    if (!options.review) return refusal_under_ci();
    const std::string unused = !options.why.empty()     ? "--why"
                               : !options.group.empty() ? "--group"
                               : !options.when.empty()  ? "--when"
                                                        : "";
    if (unused.empty()) return std::nullopt;
    return Error{"", 0, unused + " is for accepting, and --review accepts nothing",
                 "leave one of them away"};
}

Ended accept(const AcceptOptions& options) {
    if (const std::optional<Error> mistake = mistake_in(options)) return *mistake;
    const Results<Workspace> workspace = load_workspace(options.folders, options.patterns);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> selected =
        matrix::select(workspace->cells, options.patterns);
    if (!selected) return selected.error();
    const run::Descriptor lock = lock_goldens(options.folders.golden);
    const Results<std::vector<golden::Golden>> goldens = load_goldens(options.folders, *workspace);
    if (!goldens) return goldens.error();
    if (!options.review) {
        for (const golden::Golden& golden : *goldens)
            golden::remove_leftovers(golden);
    }
    Results<std::vector<Proposal>> proposed = proposals(options, *workspace, *goldens, *selected);
    if (!proposed) return proposed.error();
    if (const Errors errors = case_errors(*proposed, *workspace); !errors.empty()) return errors;
    if (options.review) {
        // What cannot be accepted is no offer.
        Errors errors = cases_edited_since(*proposed, *workspace);
        const Errors of_cases = case_errors(*proposed, *workspace);
        errors.insert(errors.end(), of_cases.begin(), of_cases.end());
        if (!errors.empty()) return errors;
        if (!print(note_on_files(*proposed))) return cannot_judge;
        return review(*proposed, *workspace);
    }
    if (!options.group.empty()) {
        if (const Result<void> kept = keep_group(options.group, *proposed); !kept)
            return kept.error();
    }
    Ended accepted = accept_all(*proposed, *workspace, options.why, options.when);
    if (accepted.exit_code() != good) return accepted;
    return recheck(options.recordings, options.folders, *workspace, *goldens, *proposed);
}

}  // namespace

void add_accept(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<AcceptOptions>();
    CLI::App* command = app.add_subcommand(
        "accept",
        "Make what the last run saw, or a record holds, the expectation, after you have read it");
    command
        ->add_option("patterns", options->patterns,
                     "Globs on cell names; everything that differs where none is given")
        ->type_name("GLOB");
    command
        ->add_option("--record", options->record,
                     "Take the outcomes from this record, not from what the last run left pending")
        ->type_name("FILE");
    command->add_option("--why", options->why,
                        "Why the new outcomes are right; kept in expected.tsv");
    command->add_flag("--review", options->review,
                      "Show what would be accepted, each change once with the cells that share it, "
                      "and accept nothing");
    command->add_option("--group", options->group, "Accept only the cells with this change")
        ->type_name("NAME");
    command->add_option("--when", options->when,
                        "Only where this holds: \"python>=3.12\", \"optree==0.17.0\"; comma: and");
    add_folder_options(*command, options->folders, project);
    add_today_option(*command, options->folders.today);
    add_recordings_option(*command, options->recordings, project,
                          "Folder of records to judge again afterwards");
    command->footer(
        "Examples:\n  exportgate accept '*/module/strict/*' --why 'torch 2.13 exports Module "
        "inputs'\n  exportgate accept --record tests/recordings/2.9.1.jsonl '*/plain/strict/*' "
        "--why '...'\nA release is recorded once all its cells are as expected, in as many goes as "
        "there are reasons.");
    command->callback([options, &exit_code] { exit_code = finish(accept(*options)); });
}

}  // namespace exportgate::cli
