#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "run/digest.h"
#include "run/made_of.h"
#include "run/programs.h"
#include "run/run.h"
#include "run/session.h"

namespace exportgate::run {

namespace {

Result<std::optional<Programs>> programs_to_load(std::span<const matrix::Cell> cells,
                                                 const std::string& inputs, const Options& options,
                                                 const Events& events) {
    if (options.load_programs.empty()) return std::nullopt;
    Result<Programs> programs = find_programs(options.load_programs, inputs);
    if (!programs) return tl::unexpected(programs.error());
    if (events.notice) {
        events.notice(fmt::format("{} of {} cells have a program that torch {} saved",
                                  programs->count(cells), cells.size(), programs->torch_build));
    }
    return std::move(*programs);
}

Result<std::optional<Programs>> programs_to_save(const std::string& inputs,
                                                 const Options& options) {
    if (options.save_programs.empty()) return std::nullopt;
    if (Result<void> free = may_hold_programs(options.save_programs, inputs); !free)
        return tl::unexpected(free.error());
    return Programs{std::filesystem::absolute(options.save_programs).lexically_normal(), "",
                    inputs};
}

bool is_asked_for(const std::string& consumer, std::span<const matrix::Case> cases) {
    return std::any_of(cases.begin(), cases.end(), [&](const matrix::Case& each) {
        return std::find(each.consumers.begin(), each.consumers.end(), consumer) !=
               each.consumers.end();
    });
}

}  // namespace

Result<record::Record> observe(std::span<const matrix::Cell> cells,
                               std::span<const matrix::Case> cases, const Options& options,
                               const Events& events) {
    const Clock::time_point start = Clock::now();
    Result<std::string> inputs = inputs_digest(cases, options.worker);
    if (!inputs) return tl::unexpected(inputs.error());
    const Result<std::optional<Programs>> loads = programs_to_load(cells, *inputs, options, events);
    if (!loads) return tl::unexpected(loads.error());
    const Result<std::optional<Programs>> saves = programs_to_save(*inputs, options);
    if (!saves) return tl::unexpected(saves.error());
    const Result<MadeOfBefore> before = look_before(cells, cases, options);
    if (!before) return tl::unexpected(before.error());
    const std::string began = time_now();
    Session session(cells, cases, options, events, *loads, *saves);
    if (Result<void> ran = session.run(); !ran) return tl::unexpected(ran.error());

    record::Record made;
    made.header.environment = session.environment();
    made.header.inputs_digest = *inputs;
    made.header.observed_at = began;
    for (const auto& [name, revision] : session.checks()) {
        const auto& asked = options.checks;
        // What nobody asked for was not left out: it is asked for where it is wanted.
        if (record::is_consumer(name) && !is_asked_for(name, cases)) continue;
        if (asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end()) {
            made.header.checks.emplace(name, revision);
        } else {
            made.header.checks_left_out.push_back(name);
        }
    }
    made.header.seed = options.seed;
    made.header.cases.assign(cases.begin(), cases.end());
    std::map<std::string, record::Observation> observations = session.take_observations();
    for (const matrix::Cell& cell : cells) {
        made.header.cells.push_back(cell.name());
        const auto found = observations.find(cell.name());
        if (found != observations.end()) made.observations.push_back(std::move(found->second));
    }
    keep_made_of(made, *before, session.python_path(), cases, options);
    if (*saves) {
        const std::size_t kept = keep_exported(**saves, made);
        if (events.notice)
            events.notice(fmt::format("{} program{} saved", kept, kept == 1 ? "" : "s"));
    }
    made.footer.complete = !session.interrupted();
    if (session.interrupted()) made.footer.reason = "interrupted";
    made.footer.wall_s =
        std::chrono::duration<double>(session.observed_at().value_or(Clock::now()) - start).count();
    made.footer.timings_s = session.timings();
    return made;
}

}  // namespace exportgate::run
