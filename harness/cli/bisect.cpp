#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "bisect_row.h"
#include "commands.h"
#include "document/console.h"
#include "ended.h"
#include "environment/build.h"
#include "report/bisection.h"
#include "report/reason_words.h"
#include "terminal.h"
#include "upgrade_side.h"
#include "verdict/bisection.h"
#include "verdict/upgrade.h"
#include "workspace.h"

namespace exportgate::cli {

namespace {

struct BisectOptions {
    Folders folders;
    SideOptions sides;
    std::vector<std::string> patterns;
    std::string good;
    std::string bad;
    std::string package;  // whose versions the ends are; empty: torch's
};

/// The releases from the good one to the bad one. Each is observed, or its record read, when it is
/// looked at first.
class Observed {
  public:
    Observed(BisectRow& row, const Workspace& workspace) : row_(row), workspace_(workspace) {}

    /// Finds all from `good` to `bad`, and looks at these two. Errors: of an end.
    Results<void> fill(const std::string& good, const std::string& bad) {
        const Look look_at = [&](const std::string& name) { return look(name); };
        Results<std::vector<std::string>> names = row_.releases(good, bad, look_at);
        if (!names) {
            is_interrupted_ |= names.error().front().what == environment::interrupted_text;
            return tl::unexpected(names.error());
        }
        names_ = std::move(*names);
        for (const std::string& end : {names_.front(), names_.back()}) {
            if (const auto seen = look(end); !seen) return tl::unexpected(seen.error());
        }
        return {};
    }

    const BisectRow& row() const {
        return row_;
    }
    const std::vector<std::string>& names() const {
        return names_;
    }
    std::size_t looked_at() const {
        return seen_.size();
    }
    const Errors& problems() const {
        return problems_;
    }
    bool is_interrupted() const {
        return is_interrupted_;
    }

    /// Whether it was looked at, or has a record, so that nothing has to be run.
    bool costs_nothing(std::size_t release) const {
        return seen_.contains(names_[release]) || row_.is_recorded(names_[release]);
    }

    /// What cell came to from release `a` to release `b`; nullopt where one cannot be judged at
    /// all.
    std::optional<verdict::Judgement> judgement(const matrix::Cell& cell, std::size_t a,
                                                std::size_t b) {
        const Results<const ObservedSide*> before = look(names_[a]);
        const Results<const ObservedSide*> after = look(names_[b]);
        if (!before || !after) return std::nullopt;
        const std::vector<matrix::Cell> one{cell};
        verdict::Upgrade compared =
            verdict::upgrade((*before)->record, (*after)->record, workspace_.cases, one, false);
        if (compared.judged.judgements.empty()) return std::nullopt;
        return std::move(compared.judged.judgements.front());
    }

  private:
    Results<const ObservedSide*> look(const std::string& name) {
        const auto there = seen_.find(name);
        if (there != seen_.end()) {
            if (!there->second) return tl::unexpected(there->second.error());
            return &*there->second;
        }
        Results<ObservedSide> observed = row_.observe(name);
        if (observed && observed->observed && observed->record.footer.reason == "interrupted") {
            observed = tl::unexpected(
                Errors{Error{observed->record.file, 0, environment::interrupted_text, ""}});
        }
        if (!observed && observed.error().front().what == environment::interrupted_text)
            is_interrupted_ = true;
        const auto& [place, is_new] = seen_.emplace(name, std::move(observed));
        if (place->second) return &*place->second;
        problems_.insert(problems_.end(), place->second.error().begin(),
                         place->second.error().end());
        return tl::unexpected(place->second.error());
    }

    BisectRow& row_;
    const Workspace& workspace_;
    std::vector<std::string> names_;
    std::map<std::string, Results<ObservedSide>> seen_;
    Errors problems_;
    bool is_interrupted_ = false;
};

/// The cells that turn, in groups; how many come to the same in both ends.
struct Found {
    std::vector<report::Turn> turns;
    std::size_t unturned = 0;
    std::set<std::string> not_compared;  // checks, in those that come to the same
    Errors unjudged;
};

/// Checks that were not compared. Facts are no outcome that turns.
std::set<std::string> checks_not_compared(const verdict::Judgement& judgement) {
    std::set<std::string> checks;
    for (const verdict::NotCompared& one : judgement.not_compared)
        if (one.check.rfind("facts", 0) != 0) checks.insert(one.check);
    return checks;
}

/// What `seen`, of the first end and a release, says about where the cell turns as it does in
/// `whole`, of both ends. A check that only the ends have may have turned here, too.
verdict::Point point_of(const verdict::Judgement& seen, const verdict::Judgement& whole) {
    const verdict::Point point = verdict::point_of(seen.verdict, whole.verdict);
    const std::set<std::string> here = checks_not_compared(seen);
    const std::set<std::string> in_both = checks_not_compared(whole);
    const bool is_open = !std::includes(in_both.begin(), in_both.end(), here.begin(), here.end());
    return point == verdict::Point::good && is_open ? verdict::Point::unknown : point;
}

/// Releases before `last_good` in which the cell turned as well. Of those that cost nothing to look
/// at: halving looks at others only where it has to.
std::vector<std::string> bad_before(Observed& row, const matrix::Cell& cell,
                                    const verdict::Judgement& whole, std::size_t last_good) {
    std::vector<std::string> found;
    for (std::size_t release = 1; release < last_good; ++release) {
        if (!row.costs_nothing(release)) continue;
        const std::optional<verdict::Judgement> seen = row.judgement(cell, 0, release);
        if (seen && point_of(*seen, whole) == verdict::Point::bad)
            found.push_back(row.names()[release]);
    }
    return found;
}

Found search(Observed& row, const std::vector<matrix::Cell>& cells) {
    Found found;
    const std::vector<std::string>& names = row.names();
    const std::size_t last = names.size() - 1;
    for (const matrix::Cell& cell : cells) {
        const std::optional<verdict::Judgement> whole = row.judgement(cell, 0, last);
        if (!whole ||
            verdict::point_of(whole->verdict, whole->verdict) == verdict::Point::unknown) {
            const std::vector<std::string> why =
                whole ? report::words_of(whole->reasons) : std::vector<std::string>{};
            found.unjudged.push_back(
                {"", 0,
                 fmt::format("{} cannot be compared in {} and {}{}", cell.name(), names[0],
                             names[last], why.empty() ? "" : ": " + why.front()),
                 "`exportgate upgrade` with the two says more"});
            continue;
        }
        if (verdict::point_of(whole->verdict, whole->verdict) == verdict::Point::good) {
            ++found.unturned;
            found.not_compared.merge(checks_not_compared(*whole));
            continue;
        }
        const verdict::Bisection place = verdict::bisect(names.size(), [&](std::size_t release) {
            const std::optional<verdict::Judgement> seen = row.judgement(cell, 0, release);
            return seen ? point_of(*seen, *whole) : verdict::Point::unknown;
        });
        if (row.is_interrupted()) return found;
        report::Turn turn;
        turn.cells = {cell};
        turn.turned = whole->verdict;
        turn.of = row.row().of();
        turn.last_good = names[place.last_good];
        turn.first_bad = names[place.first_bad];
        turn.sides =
            fmt::format("{} {}", row.row().side(turn.last_good), row.row().side(turn.first_bad));
        for (const std::size_t skipped : place.skipped)
            turn.skipped.push_back(names[skipped]);
        turn.earlier = bad_before(row, cell, *whole, place.last_good);
        turn.judgement = *row.judgement(cell, place.last_good, place.first_bad);
        const auto like = std::find_if(found.turns.begin(), found.turns.end(),
                                       [&](const report::Turn& one) { return one.is_like(turn); });
        if (like == found.turns.end()) {
            found.turns.push_back(std::move(turn));
        } else {
            like->cells.push_back(cell);
        }
    }
    return found;
}

std::string about_environments(const BisectRow& row) {
    const std::vector<std::string> made = row.made();
    if (made.empty()) return "";
    return fmt::format("{} for the next time, or until `exportgate env remove NAME`: {}\n",
                       made.size() == 1 ? "This environment stays" : "These environments stay",
                       fmt::join(made, ", "));
}

Ended bisect(const BisectOptions& options) {
    if (options.good == options.bad) {
        return Error{"", 0, fmt::format("--good and --bad are both {}", options.good),
                     "name two between which something changed"};
    }
    const Results<Workspace> workspace = load_workspace(options.folders, options.patterns);
    if (!workspace) return workspace.error();
    const Result<std::vector<matrix::Cell>> cells =
        matrix::select(workspace->cells, options.patterns);
    if (!cells) return cells.error();
    const BisectScope scope{options.sides, *workspace, *cells, options.folders.cases};
    Result<std::unique_ptr<BisectRow>> releases =
        options.package.empty() ? torch_releases(scope) : package_versions(scope, options.package);
    if (!releases) return releases.error();
    Observed row(**releases, *workspace);
    const Results<void> filled = row.fill(options.good, options.bad);
    if (!filled && !row.is_interrupted()) return filled.error();
    Found found = filled ? search(row, *cells) : Found{};
    if (row.is_interrupted())
        return {interrupted, {Error{"", 0, "interrupted; nothing was found yet", "run again"}}};
    Errors problems = row.problems();
    problems.insert(problems.end(), found.unjudged.begin(), found.unjudged.end());
    if (found.turns.empty() && problems.empty()) {
        const std::string in_part =
            found.not_compared.empty()
                ? ""
                : fmt::format("; not compared, since one of them left it out: check {}",
                              fmt::join(found.not_compared, ", "));
        return Error{"", 0,
                     fmt::format("{} came to the same in {} and {}{}",
                                 report::counted(found.unturned, "cell"), options.good, options.bad,
                                 in_part),
                     "name two releases between which something changed"};
    }
    const report::ConsoleStyle style = console_style();
    const std::string text =
        document::console(report::bisection(found.turns, workspace->cells, found.unturned,
                                            row.looked_at(), row.names().size()),
                          {style.colour, style.width});
    if (!print(text + about_environments(**releases))) return cannot_judge;
    return {found.unjudged.empty() ? good : cannot_judge, std::move(problems)};
}

}  // namespace

void add_bisect(CLI::App& app, const project::Project& project, int& exit_code) {
    auto options = std::make_shared<BisectOptions>();
    CLI::App* command = app.add_subcommand(
        "bisect", "Find the release of torch, or the version of a package, in which cells turned");
    command->add_option("patterns", options->patterns, "The cells: names, or globs on them")
        ->type_name("GLOB")
        ->required();
    command
        ->add_option("--good", options->good,
                     "Where they were as they should be: a torch release, a record's file, or an "
                     "environment")
        ->required();
    command->add_option("--bad", options->bad, "Where they are not")->required();
    CLI::Option* const package =
        command
            ->add_option(
                "--package", options->package,
                "--good and --bad are versions of this package. Those between them are the "
                "ones that pip knows")
            ->type_name("NAME");
    command
        ->add_option("--env", options->sides.how.environment,
                     "With --package: the environment whose torch and other packages they get")
        ->type_name("NAME")
        ->needs(package);
    add_folder_options(*command, options->folders, project);
    add_recordings_option(*command, options->sides.recordings, project,
                          "Folder of records, each named by its torch release");
    add_observing_options(*command, options->sides.how, project);
    command->footer(
        "Example:\n"
        "  exportgate bisect 'kv_cache/plain/strict/*' --good 2.6.0 --bad 2.15.0\n"
        "Looks at the releases between the two that are recorded, or that an environment has, by "
        "halving. A record is taken before an environment, whose cells are run. A release in which "
        "a cell cannot be judged is skipped, and said.\n"
        "With --package each version that is looked at is installed into an environment of its "
        "own.\n"
        "Exit codes: 0 found, 2 nothing differs or something could not be judged.");
    command->callback([options, &exit_code] { exit_code = finish(bisect(*options)); });
}

}  // namespace exportgate::cli
