#include "review_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/printable.h"
#include "base/text.h"
#include "document/console.h"
#include "golden/leftovers.h"
#include "golden/pending_file.h"
#include "judge_record.h"
#include "report/causes.h"
#include "report/cell_sets.h"
#include "report/mismatch.h"
#include "report/wording.h"
#include "terminal.h"

namespace exportgate::cli {

namespace {

Error replaced_since() {
    return {"", 0, "what is pending was replaced or accepted since this review began",
            "quit, and review again"};
}

constexpr std::size_t most_lines_at_first = 40;
constexpr std::size_t most_sets = 8;

std::string keys_for(std::size_t left) {
    const std::string all = left > 1 ? fmt::format("  all {}: [g] accept [R]eject [S]kip", left)
                                     : std::string("  [g] as a");
    return "[a]ccept [r]eject [s]kip" + all + "  [d]iff [e]xplain [q]uit ? ";
}

/// The reason as a person typed it, without blanks around it.
std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

bool ReviewSession::go(const std::vector<Proposal>& proposals) {
    for (const Proposal& each : proposals) {
        for (const golden::Pending& pending : each.cells)
            known_[matrix::cell_name(each.golden.case_name, pending.cell)] = {&each, &pending};
    }
    cells_ = known_.size();
    const std::vector<ChangeGroup> groups = change_groups(proposals);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::string position = fmt::format("change {} of {}", i + 1, groups.size());
        if (decide(groups[i], position) == Step::stop) break;
    }
    return can_write_;
}

ReviewSession::Step ReviewSession::decide(const ChangeGroup& group, const std::string& position) {
    std::string why = why_;
    can_write_ = show(group, position, most_lines_at_first);
    for (std::size_t done = 0; can_write_ && done < group.cells.size();) {
        const std::vector<matrix::Cell> one{group.cells[done]};
        const std::vector<matrix::Cell> rest(
            group.cells.begin() + static_cast<std::ptrdiff_t>(done), group.cells.end());
        can_write_ = print(fmt::format("\n{}\n{}", one.front().name(), keys_for(rest.size())));
        const std::optional<char> key = can_write_ ? keyboard_.key() : std::nullopt;
        if (!key) {
            print("\n");
            return Step::stop;
        }
        can_write_ = print(std::string(1, std::max(*key, ' ')) + "\n");
        const bool is_all = *key == 'g' || *key == 'R' || *key == 'S';
        const std::vector<matrix::Cell>& chosen = is_all ? rest : one;
        switch (*key) {
            case 'a':
            case 'g':
                if (const auto count = accept(group, chosen, why)) {
                    accepted_ += *count;
                    done += chosen.size();
                }
                break;
            case 'r':
            case 'R':
                if (reject(chosen)) {
                    rejected_ += chosen.size();
                    done += chosen.size();
                }
                break;
            case 's':
            case 'S':
                done += chosen.size();
                break;
            case 'd':
                can_write_ = show(group, position, document::unlimited);
                break;
            case 'e':
                can_write_ = explain(one.front());
                break;
            case 'q':
                return Step::stop;
            default:
                can_write_ = print("no such key\n");
        }
        if (keyboard_.was_interrupted()) return Step::stop;
    }
    return can_write_ ? Step::next : Step::stop;
}

bool ReviewSession::show(const ChangeGroup& group, const std::string& position,
                         std::size_t most_lines) const {
    const Known& first = known_.at(group.cells.front().name());
    const golden::Expectation expected =
        golden::expected(first.proposal->golden, group.cells.front(), first.proposal->environment);
    std::vector<std::string> sets = report::describe_across_cases(group.cells, workspace_.cells);
    if (sets.size() > most_sets + 1) {
        const std::size_t more = sets.size() - most_sets;
        sets.resize(most_sets);
        sets.push_back(fmt::format("... and {} more sets of cells", more));
    }
    document::Fold fold;
    fold.summary = {
        document::strong(position),
        {fmt::format(", {}, {}, torch {}", group.name, report::counted(group.cells.size(), "cell"),
                     first.proposal->environment.torch_build)}};
    for (const std::string& set : sets)
        fold.blocks.emplace_back(document::line(set));
    fold.blocks.emplace_back(document::line(
        expected.row == nullptr
            ? "expected: none, " + expected.explanation
            : fmt::format("expected: {} ({})", report::describe(expected.row->outcome),
                          expected.explanation)));
    fold.blocks.emplace_back(
        document::line("observed: " + report::describe(first.pending->outcome)));
    std::string_view change = group.change;
    if (change.ends_with('\n')) change.remove_suffix(1);
    const auto lines = split(change, '\n');
    const std::size_t shown = document::shown_of(lines.size(), most_lines);
    document::Code code{{lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown)},
                        "diff"};
    fold.blocks.emplace_back(std::move(code));
    if (shown < lines.size()) {
        fold.blocks.emplace_back(
            document::line(fmt::format("... {} more lines: d shows all", lines.size() - shown)));
    }
    const report::ConsoleStyle style = console_style();
    return print("\n" + document::console({std::move(fold)}, {style.colour, style.width}));
}

bool ReviewSession::explain(const matrix::Cell& cell) const {
    const Known& known = known_.at(cell.name());
    const auto torch = TorchVersion::parse(known.proposal->environment.torch);
    if (!torch) return print(torch.error().what + "\n");
    const outcome::Outcome& outcome = known.pending->outcome;
    const std::vector<report::Questioned> questions{
        {outcome::headline(outcome), {cell, *torch, catalogue::findings(outcome)}}};
    return print("\n" + report::why(questions, catalogue::shipped(), console_style()));
}

std::optional<std::string> ReviewSession::ask_why() {
    can_write_ = print("why is it right? (kept in expected.tsv; empty: back) ");
    const std::optional<std::string> typed = can_write_ ? keyboard_.line() : std::nullopt;
    if (!typed) {
        print("\n");
        return std::nullopt;
    }
    const std::string why = trimmed(*typed);
    return why.empty() ? std::nullopt : std::optional(why);
}

std::optional<std::size_t> ReviewSession::accept(const ChangeGroup& group,
                                                 const std::vector<matrix::Cell>& cells,
                                                 std::string& why) {
    if (why.empty()) {
        std::optional<std::string> typed = ask_why();
        if (!typed) return std::nullopt;
        why = std::move(*typed);
    }
    const auto refuse = [&](const Errors& errors) -> std::optional<std::size_t> {
        print_errors(errors);
        failed_ = true;
        return std::nullopt;
    };
    // As `accept --group` does it: others may have accepted, or run again, since it was shown.
    const run::Descriptor lock = lock_goldens(folders_.golden);
    const Results<std::vector<golden::Golden>> goldens = load_goldens(folders_, workspace_);
    if (!goldens) return refuse(goldens.error());
    for (const golden::Golden& golden : *goldens)
        golden::remove_leftovers(golden);
    Results<std::vector<Proposal>> proposed = pending_proposals(*goldens, workspace_, cells);
    if (!proposed) return refuse(proposed.error());
    const bool is_there = keep_group(group.name, *proposed).has_value();
    std::size_t count = 0;
    for (const Proposal& each : *proposed)
        count += each.cells.size();
    if (!is_there || count < cells.size()) return refuse({replaced_since()});
    if (const Ended ended = accept_all(*proposed, workspace_, why, ""); ended.exit_code() != good)
        return refuse(ended.errors());
    std::move(proposed->begin(), proposed->end(), std::back_inserter(accepted_proposals_));
    return count;
}

bool ReviewSession::reject(const std::vector<matrix::Cell>& cells) {
    const run::Descriptor lock = lock_goldens(folders_.golden);
    std::map<const Proposal*, std::vector<golden::Pending>> by_case;
    for (const matrix::Cell& cell : cells) {
        const Known& known = known_.at(cell.name());
        by_case[known.proposal].push_back(*known.pending);
    }
    for (const auto& [proposal, pending] : by_case) {
        const Result<std::size_t> dropped =
            golden::drop_from_pending(proposal->golden, proposal->environment, pending);
        if (dropped && *dropped == pending.size()) continue;
        print_error(dropped ? replaced_since() : dropped.error());
        failed_ = true;
        return false;
    }
    return true;
}

std::string ReviewSession::summary() const {
    const std::size_t left = cells_ - accepted_ - rejected_;
    std::string text = fmt::format("\n{} accepted", report::counted(accepted_, "cell"));
    if (rejected_ > 0) text += fmt::format(", {} rejected: red until mended", rejected_);
    if (left > 0) text += fmt::format(", {} still pending", left);
    return text + "\n";
}

}  // namespace exportgate::cli
