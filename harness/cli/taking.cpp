#include "taking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <set>

#include "base/text.h"
#include "report/wording.h"
#include "run/digest.h"
#include "run/made_of.h"
#include "run/unchanged.h"

namespace exportgate::cli {

namespace {

constexpr std::size_t most_reasons = 3;

/// "13:55" of today, "2026-11-28 13:55" of another day, by the clock on the wall.
std::string on_the_wall(const std::string& time) {
    std::tm utc{};
    if (::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc) == nullptr) return time;
    const std::time_t at = ::timegm(&utc);
    const std::time_t now = std::time(nullptr);
    std::tm then{};
    std::tm today{};
    ::localtime_r(&at, &then);
    ::localtime_r(&now, &today);
    const std::string clock = fmt::format("{:02}:{:02}", then.tm_hour, then.tm_min);
    if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday) return clock;
    return fmt::format("{}-{:02}-{:02} {}", then.tm_year + 1900, then.tm_mon + 1, then.tm_mday,
                       clock);
}

}  // namespace

const std::string& time_of(const record::Record& record, const record::Observation& observation) {
    return observation.taken_from.empty() ? record.header.observed_at : observation.taken_from;
}

bool may_take(const Observing& how) {
    const bool makes_programs = !how.save_programs.empty() || !how.load_programs.empty();
    return !how.fresh && !how.timings && (!makes_programs || how.is_needed) &&
           std::getenv("CI") == nullptr;
}

Taken take(const Observing& how, const run::Options& options, const Workspace& workspace,
           const std::vector<matrix::Cell>& cells) {
    Taken taken{std::nullopt, cells, {}};
    std::error_code ignored;
    if (!may_take(how) || !std::filesystem::exists(how.record, ignored)) return taken;
    Result<record::Record> earlier = record::read_record(how.record);
    if (!earlier) return taken;
    run::Unchanged unchanged(*earlier, workspace.cases, options, made_by);
    taken.again.clear();
    std::set<std::string> reasons;
    for (const matrix::Cell& cell : cells) {
        std::string reason = unchanged.reason(cell);
        const bool holds = reason.empty() && !(how.is_needed && how.is_needed(cell));
        if (holds) continue;
        taken.again.push_back(cell);
        if (!reason.empty() && reasons.insert(reason).second && reasons.size() <= most_reasons)
            taken.reasons.push_back(std::move(reason));
    }
    taken.earlier = std::move(*earlier);
    return taken;
}

std::string sentence_of(const Taken& taken, const std::vector<matrix::Cell>& cells) {
    const std::size_t count = cells.size() - taken.again.size();
    if (!taken.earlier || count == 0) return "";
    std::set<std::string> again;
    for (const matrix::Cell& cell : taken.again)
        again.insert(cell.name());
    std::set<std::string> times;
    for (const matrix::Cell& cell : cells) {
        if (again.contains(cell.name())) continue;
        times.insert(time_of(*taken.earlier, *taken.earlier->find(cell.name())));
    }
    std::string from = "record of " + on_the_wall(*times.begin());
    if (on_the_wall(*times.begin()) != on_the_wall(*times.rbegin()))
        from = "records of " + on_the_wall(*times.begin()) + " to " + on_the_wall(*times.rbegin());
    std::string text =
        fmt::format("{} taken from the {}, {} exported", report::counted(count, "cell"), from,
                    taken.again.empty() ? std::string("none") : std::to_string(taken.again.size()));
    if (!taken.reasons.empty()) text += " (" + join(taken.reasons, "; ") + ")";
    return text;
}

Result<record::Record> combined(const Taken& taken, std::optional<record::Record> observed,
                                const run::Options& options, const Workspace& workspace,
                                const std::vector<matrix::Cell>& cells) {
    const record::Record& earlier = *taken.earlier;
    record::Record made = observed ? std::move(*observed) : record::Record{};
    if (!observed) {
        Result<std::string> inputs = run::inputs_digest(workspace.cases, options.worker);
        if (!inputs) return tl::unexpected(inputs.error());
        made.header = earlier.header;
        made.header.inputs_digest = std::move(*inputs);
        made.header.observed_at = run::time_now();
        made.header.cases = workspace.cases;
        made.footer.complete = true;
    }
    std::map<std::string, record::Observation> now;
    for (record::Observation& observation : made.observations)
        now.insert_or_assign(observation.cell, std::move(observation));
    std::set<std::string> again;
    for (const matrix::Cell& cell : taken.again)
        again.insert(cell.name());
    made.header.cells.clear();
    made.observations.clear();
    std::map<std::string, std::string> cases;
    for (const matrix::Cell& cell : cells) {
        const std::string name = cell.name();
        made.header.cells.push_back(name);
        if (again.contains(name)) {
            const auto found = now.find(name);
            if (found != now.end()) made.observations.push_back(std::move(found->second));
            continue;
        }
        record::Observation observation = *earlier.find(name);
        observation.taken_from = time_of(earlier, observation);
        made.observations.push_back(std::move(observation));
        cases.emplace(cell.folder(), earlier.header.made_of->cases.at(cell.folder()));
    }
    if (!made.header.made_of) return made;
    auto& kept = made.header.made_of->cases;
    // A case that changed while its cells ran is not in what was observed, and is not known.
    if (observed) {
        for (const auto& [name, digest] : cases) {
            const bool ran =
                std::any_of(taken.again.begin(), taken.again.end(),
                            [&name = name](const auto& cell) { return cell.folder() == name; });
            if (!ran) kept.emplace(name, digest);
        }
    } else {
        kept = std::move(cases);
    }
    return made;
}

}  // namespace exportgate::cli
