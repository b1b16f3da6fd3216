#include "golden/plan.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "golden/checks_column.h"
#include "golden/decision.h"
#include "golden/outcome_file.h"
#include "golden/row_order.h"
#include "golden/when.h"
#include "record/check_table.h"

namespace exportgate::golden {
namespace {

using Rows = std::vector<Row>;

tl::unexpected<Error> refuse(std::string what, std::string remedy) {
    return tl::unexpected(Error{"", 0, std::move(what), std::move(remedy)});
}

Result<void> check_acceptable(const Golden& golden, const Pending& pending) {
    const std::string cell = matrix::cell_name(golden.case_name, pending.cell);
    if (const auto parsed = matrix::parse_cell(cell); !parsed)
        return tl::unexpected(parsed.error());
    const auto& checks = pending.outcome.checks;
    const bool exported = pending.outcome.status == outcome::Status::exported;
    if (exported == checks.empty()) {
        return refuse(cell + (exported ? ": an exported outcome without checks"
                                       : ": checks of an outcome that is not exported"),
                      "run again with this exportgate");
    }
    for (const auto& check : checks) {
        if (!is_check_name(check.name))
            return refuse(cell + ": \"" + check.name + "\" cannot name a check",
                          "rename the check");
    }
    if (!exported && !pending.outcome.decomposed.empty()) {
        return refuse(cell + ": a decomposed program of an outcome that is not exported",
                      "run again with this exportgate");
    }
    for (const auto& [name, text] : texts_of(pending.outcome)) {
        if (text.ends_with('\n') && text.find('\r') == std::string::npos) continue;
        return refuse(cell + ": the outcome's text is empty, cut, or holds a carriage return",
                      "run again with this exportgate");
    }
    return {};
}

bool same_key(const Row& a, const Row& b) {
    return a.since == b.since && a.when == b.when;
}

void put(Rows& rows, Row row) {
    const auto place = std::find_if(rows.begin(), rows.end(),
                                    [&](const Row& other) { return !comes_before(other, row); });
    if (place != rows.end() && same_key(*place, row)) {
        *place = std::move(row);
    } else {
        rows.insert(place, std::move(row));
    }
}

RowNote note_of(const Row& row) {
    return {row.cell, "since " + row.since.text() + (row.when.empty() ? "" : " when " + row.when) +
                          ": " + outcome::headline(row.outcome)};
}

RowNote note_of_removed(const Row& row) {
    auto note = note_of(row);
    note.what += " (as the release before; the row of its own is gone)";
    return note;
}

bool is_blank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

/// Whether `row` changes nothing at its own release: the rules without it say the same.
bool says_nothing_new(const Rows& rows, const Row& row) {
    Rows without;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(without),
                 [&](const Row& other) { return !same_key(other, row); });
    const auto with_it = rules_at(rows, row.since);
    const auto without_it = rules_at(without, row.since);
    return with_it.size() == without_it.size() && keeps(with_it, without_it);
}

/// Whether `seen` says all that `known` says, and what was not observed then.
bool adds_to(const outcome::Outcome& seen, const outcome::Outcome& known) {
    const auto is_same_or_new = [](const std::string& before, const std::string& after) {
        return before.empty() || before == after;
    };
    return seen.status == known.status && seen.text == known.text &&
           is_same_or_new(known.decomposed, seen.decomposed) &&
           is_same_or_new(known.facts, seen.facts) &&
           std::all_of(known.checks.begin(), known.checks.end(), [&](const auto& check) {
               return std::find(seen.checks.begin(), seen.checks.end(), check) != seen.checks.end();
           });
}

/// Why what was accepted before is right is said on: the new reason is about what is added.
std::string reason_for(const Row* known, const outcome::Outcome& seen, const std::string& why) {
    if (!known || !adds_to(seen, known->outcome)) return why;
    const std::string between = "; ";
    const bool is_said =
        (between + known->why + between).find(between + why + between) != std::string::npos;
    return is_said ? known->why : known->why + between + why;
}

/// A check that is expected would be expected no more.
Result<void> holds_what_is_expected(const matrix::Cell& cell, const Row& row,
                                    const Pending& pending) {
    if (row.outcome.status != pending.outcome.status) return {};
    for (const auto& check : row.outcome.checks) {
        const auto& seen = pending.outcome.checks;
        const bool is_there = std::any_of(seen.begin(), seen.end(), [&](const auto& other) {
            return other.name == check.name && other.revision >= check.revision;
        });
        if (is_there) continue;
        return refuse(cell.name() + ": check " + check.name +
                          " is expected and was not carried out, or by an earlier worker",
                      record::is_consumer(check.name) ? "run again, with --consumers " + check.name
                                                      : "run again, without --checks");
    }
    return {};
}

class Planner {
  public:
    Planner(const Golden& golden, const record::Environment& environment, TorchVersion torch,
            Covers covers, std::string why, std::string when, std::int64_t seed)
        : before_(golden),
          environment_(environment),
          torch_(std::move(torch)),
          covers_(covers),
          why_(std::move(why)),
          when_(std::move(when)),
          seed_(seed) {
        plan_.golden = golden;
        if (covers == Covers::part) return;
        auto& recorded = plan_.golden.recorded;
        const auto place = std::lower_bound(recorded.begin(), recorded.end(), torch_);
        if (place == recorded.end() || *place != torch_) recorded.insert(place, torch_);
    }

    Result<void> accept(const Pending& pending) {
        const auto old_rows = rows_of(before_, pending.cell);
        const auto cell = *matrix::parse_cell(matrix::cell_name(before_.case_name, pending.cell));
        if (const auto now = expected(before_, cell, environment_); now.row) {
            if (now.row->outcome == pending.outcome) return {};
            if (auto enough = holds_what_is_expected(cell, *now.row, pending); !enough)
                return enough;
        }
        const auto current = applicable(old_rows, torch_, environment_);
        if (!current) return tl::unexpected(current.error());
        if (is_blank(why_))
            return refuse("a reason is missing",
                          "say with --why \"...\" why these outcomes are right");

        Row row{pending.cell,
                torch_,
                when_,
                pending.outcome,
                outcome_file_name(pending.outcome),
                reason_for(*current, pending.outcome, why_),
                decomposed_file_name(pending.outcome)};
        // The narrowest row that does it: a reason that was seen to matter before still does.
        if (when_.empty() && *current) row.when = (*current)->when;
        Rows rows(old_rows.begin(), old_rows.end());
        put(rows, row);
        if (needs_no_row(rows, row, cell)) {
            const bool was_there =
                std::any_of(old_rows.begin(), old_rows.end(),
                            [&](const Row& other) { return same_key(other, row); });
            std::erase_if(rows, [&](const Row& other) { return same_key(other, row); });
            if (was_there) plan_.changed.push_back(note_of_removed(row));
        } else {
            if (*current) {
                note_replaced((*current)->file, row.file);
                note_replaced((*current)->decomposed, row.decomposed);
            }
            plan_.changed.push_back(note_of(row));
        }
        restore(old_rows, rows);
        if (auto kept = verify(pending, old_rows, rows); !kept) return kept;
        replaced_[pending.cell] = std::move(rows);
        return {};
    }

    Plan take() {
        auto& rows = plan_.golden.rows;
        std::erase_if(rows, [&](const Row& row) { return replaced_.contains(row.cell); });
        for (auto& [cell, new_rows] : replaced_) {
            rows.insert(rows.end(), std::make_move_iterator(new_rows.begin()),
                        std::make_move_iterator(new_rows.end()));
        }
        std::sort(rows.begin(), rows.end(), comes_before);
        if (covers_ == Covers::all) tidy();
        keep_seed(plan_.golden, before_, torch_, seed_, covers_);
        return std::move(plan_);
    }

  private:
    void note_replaced(const std::string& old_file, const std::string& new_file) {
        if (old_file != new_file && !old_file.empty() && !new_file.empty())
            plan_.replaces.try_emplace(new_file, old_file);
    }

    /// A row that says what the release before says is not kept, unless the cell expects something
    /// at this release because of it: it may be known for this cell only.
    bool needs_no_row(const Rows& rows, const Row& row, const matrix::Cell& cell) const {
        if (!says_nothing_new(rows, row)) return false;
        Golden without;
        without.case_name = before_.case_name;
        without.recorded = plan_.golden.recorded;
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(without.rows),
                     [&](const Row& other) { return !same_key(other, row); });
        const auto still = expected(without, cell, environment_);
        return still.row && still.row->outcome == row.outcome;
    }

    /// Now that the release is recorded, the rows that made it known to single cells have served.
    void tidy() {
        auto& rows = plan_.golden.rows;
        for (std::size_t i = 0; i < rows.size();) {
            const auto of_cell = rows_of(plan_.golden, rows[i].cell);
            const Rows with_it(of_cell.begin(), of_cell.end());
            Rows without_it = with_it;
            std::erase_if(without_it, [&](const Row& row) { return same_key(row, rows[i]); });
            const auto keeps_at = [&](const TorchVersion& release) {
                return keeps(rules_at(with_it, release), rules_at(without_it, release));
            };
            if (rows[i].since != torch_ || !says_nothing_new(with_it, rows[i]) ||
                !std::all_of(plan_.golden.recorded.begin(), plan_.golden.recorded.end(),
                             keeps_at)) {
                ++i;
                continue;
            }
            plan_.changed.push_back(note_of_removed(rows[i]));
            rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    /// The next recorded release inherited what is now replaced: it gets rows of its own.
    void restore(std::span<const Row> old_rows, Rows& rows) {
        const auto next =
            std::upper_bound(before_.recorded.begin(), before_.recorded.end(), torch_);
        if (next == before_.recorded.end()) return;
        const auto old_rules = rules_at(old_rows, *next);
        if (keeps(old_rules, rules_at(rows, *next))) return;
        for (const auto* rule : old_rules) {
            Row row = *rule;
            row.since = *next;
            if (rule->since == *next) continue;
            plan_.restored.push_back(note_of(row));
            put(rows, std::move(row));
        }
    }

    Result<void> verify(const Pending& pending, std::span<const Row> old_rows,
                        const Rows& rows) const {
        const std::string cell = matrix::cell_name(before_.case_name, pending.cell);
        const std::string remedy = "accept with a `when` that keeps the environments apart";
        const auto now = applicable(rows, torch_, environment_);
        if (!now) return tl::unexpected(now.error());
        if (!*now || (*now)->outcome != pending.outcome) {
            return refuse(cell + ": a row since " + torch_.text() +
                              " would not hold in this environment, another one hides it",
                          remedy);
        }
        for (const auto& release : before_.recorded) {
            if (release == torch_ || keeps(rules_at(old_rows, release), rules_at(rows, release)))
                continue;
            return refuse(
                cell + ": accepting would change what torch " + release.text() + " expects",
                remedy);
        }
        return {};
    }

    const Golden& before_;
    const record::Environment& environment_;
    TorchVersion torch_;
    Covers covers_;
    std::string why_;
    std::string when_;
    std::int64_t seed_;
    Plan plan_;
    std::map<std::string, Rows> replaced_;  // by cell
};

}  // namespace

Result<Plan> plan_accept(const Golden& golden, const record::Environment& environment,
                         std::span<const Pending> accepted, Covers covers, const std::string& why,
                         const std::string& when, std::int64_t seed) {
    const auto torch = TorchVersion::parse(environment.torch);
    if (!torch) return tl::unexpected(torch.error());
    if (const auto holds_here = holds(when, environment); !holds_here)
        return tl::unexpected(holds_here.error());
    else if (!*holds_here)
        return refuse(
            "the condition \"" + when + "\" does not hold in the environment of these outcomes",
            "");

    Planner planner(golden, environment, *torch, covers, why, when, seed);
    std::set<std::string> seen;
    for (const auto& pending : accepted) {
        if (!seen.insert(pending.cell).second)
            return refuse(
                "cell " + matrix::cell_name(golden.case_name, pending.cell) + " is accepted twice",
                "");
        auto result = check_acceptable(golden, pending);
        if (result) result = planner.accept(pending);
        if (!result) return tl::unexpected(result.error());
    }
    return planner.take();
}

}  // namespace exportgate::golden
