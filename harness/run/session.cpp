#include "run/session.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "run/memory_limit.h"
#include "run/needs.h"
#include "run/remedy.h"

namespace exportgate::run {

namespace {

/// A worker that has not warmed up by then never will; importing torch from a cold disk takes half
/// a minute.
constexpr std::chrono::seconds startup_limit{300};
/// Workers that die again and again without one new observation between them are not started a
/// further time.
constexpr int most_fruitless_restarts = 3;

/// The worker ends a cell in this way too where a check got no processor for half its time.
constexpr std::string_view why_killed = "SIGKILL; out of memory, or a machine that is too busy?";

/// The stage "check:NAME" in which a process of the cell was killed; empty: it was not, or earlier.
std::string check_killed(const record::Observation& observation) {
    const auto* crashed = std::get_if<record::Crashed>(&observation.result);
    const bool is_it =
        crashed != nullptr && crashed->signal == SIGKILL && crashed->stage.starts_with("check:");
    return is_it ? crashed->stage : "";
}

std::string killed_twice(const std::string& stage) {
    return fmt::format("killed from outside twice, at last in {}, where it ran alone ({})", stage,
                       why_killed);
}

/// Nobody who did not get it can guess it.
std::string random_token() {
    std::random_device random;
    std::string token;
    for (int i = 0; i < 4; ++i)
        token += fmt::format("{:08x}", random());
    return token;
}

}  // namespace

Session::Session(std::span<const matrix::Cell> cells, std::span<const matrix::Case> cases,
                 const Options& options, const Events& events, const std::optional<Programs>& loads,
                 const std::optional<Programs>& saves)
    : options_(options),
      events_(events),
      total_(cells.size()),
      cases_(cases),
      loads_(loads),
      saves_(saves),
      queue_(cells) {
    std::set<std::string> case_names;
    for (const matrix::Cell& cell : cells) {
        modes_.insert(cell.mode);
        case_names.insert(cell.case_name);
    }
    preload_ = preloaded(cases, case_names);
    for (const matrix::Case& case_ : cases) {
        asked_.declarations[case_.name] = record::to_json(case_);
        asked_.case_directories[case_.name] = std::filesystem::absolute(case_.directory).string();
    }
    asked_.seed = options.seed;
    asked_.checks = options.checks;
    asked_.check_budget_s = options.check_budget.count();
    asked_.consumer_budget_s = options.consumer_budget.count();
    if (!options.artefact_folder.empty())
        asked_.artefact_folder = std::filesystem::absolute(options.artefact_folder).string();
    asked_.consumer_command = options.consumer_command;
    if (loads_) asked_.saved_by = loads_->torch_build;
    asked_.memory_limit_bytes = memory_limit(memory_here(), options.jobs);
}

Result<void> Session::run() {
    if (Result<void> started = start_worker(); !started) return started;
    while (!done() && !interrupted_) {
        if (Result<void> filled = fill(); !filled) return filled;
        wait();
        if (Result<void> heard = listen(); !heard) return heard;
        reap_overdue();
        if (worker_->lost()) {
            if (Result<void> replaced = replace_worker(); !replaced) return replaced;
        }
    }
    for (const auto& child : children_)
        child->kill();
    return {};
}

std::map<std::string, record::Observation> Session::take_observations() {
    return std::move(observations_);
}

bool Session::done() {
    if (!queue_.empty() || !children_.empty()) return false;
    return !options_.baseline || baseline_started_;
}

Result<void> Session::start_worker() {
    Result<Worker> started = Worker::start(options_.worker, modes_, preload_, options_.checks);
    if (!started) return tl::unexpected(started.error());
    worker_ = std::make_unique<Worker>(std::move(*started));
    ready_.clear();
    startup_deadline_ = Clock::now() + startup_limit;
    return {};
}

Result<void> Session::fill() {
    // While the worker warms a mode up, that work occupies one of the jobs.
    const std::size_t busy = children_.size() + (warming_up() ? 1 : 0);
    std::size_t free = options_.jobs > busy ? options_.jobs - busy : 0;
    if (children_.empty()) free = std::max<std::size_t>(free, 1);
    for (; free > 0 && !worker_->lost(); --free) {
        const std::optional<matrix::Cell> next = queue_.take(ready_, children_.empty());
        if (!next) break;
        if (Result<void> sent = send({request_for(*next)}); !sent) return sent;
    }
    if (options_.baseline && !baseline_started_ && queue_.empty() && children_.empty())
        return start_baseline();
    return {};
}

Request Session::request_for(const matrix::Cell& cell) const {
    Request request{cell, "", ""};
    std::error_code ignored;
    if (saves_) {
        request.save_program = saves_->file_of(cell.name());
        saves_->remove(cell.name());  // what an earlier run left
    }
    if (loads_) {
        const std::filesystem::path file = loads_->file_of(cell.name());
        if (std::filesystem::exists(file, ignored)) request.load_program = file;
    }
    return request;
}

Result<void> Session::send(const std::vector<Request>& requests) {
    Result<std::array<Descriptor, 2>> channel = socket_pair();
    if (!channel) return tl::unexpected(channel.error());
    Result<std::array<Descriptor, 2>> output = output_pipe();
    if (!output) return tl::unexpected(output.error());
    const std::uint64_t id = ++last_id_;
    const std::string token = random_token();
    const std::string message = run_message(id, token, requests, asked_);
    std::vector<matrix::Cell> cells;
    for (const Request& request : requests)
        cells.push_back(request.cell);
    children_.push_back(std::make_unique<Child>(
        id, token, std::move(cells),
        Limits{options_.timeout, options_.check_budget, options_.consumer_budget},
        std::move((*channel)[0]), std::move((*output)[0])));
    // A worker that is gone shows at the next poll, which requeues the cell.
    (void)worker_->send(message, (*channel)[1].get(), (*output)[1].get());
    return {};
}

Result<void> Session::start_baseline() {
    baseline_started_ = true;
    observed_at_ = Clock::now();
    std::vector<Request> requests;
    for (const auto& [name, observation] : observations_) {
        const bool answered = std::holds_alternative<record::Exported>(observation.result) ||
                              std::holds_alternative<record::Rejected>(observation.result);
        if (answered) requests.push_back({*matrix::parse_cell(name), "", "", true});
    }
    if (requests.empty()) return {};
    if (Result<void> sent = send(requests); !sent) return sent;
    baseline_id_ = last_id_;
    return {};
}

void Session::wait() {
    std::vector<pollfd> watched{{interrupts_.descriptor(), POLLIN, 0},
                                {worker_->control(), POLLIN, 0}};
    if (worker_->output() >= 0) watched.push_back({worker_->output(), POLLIN, 0});
    Clock::time_point deadline = warming_up() ? startup_deadline_ : Clock::now() + startup_limit;
    for (const auto& child : children_) {
        if (child->channel() >= 0) watched.push_back({child->channel(), POLLIN, 0});
        if (child->output() >= 0) watched.push_back({child->output(), POLLIN, 0});
        deadline = std::min(deadline, child->deadline());
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count() + 1;
    ::poll(watched.data(), watched.size(), static_cast<int>(std::clamp<long>(left, 0, 60000)));
}

Result<void> Session::listen() {
    if (interrupts_.take()) interrupted_ = true;
    if (worker_->output() >= 0) worker_->drain_output();
    for (const auto& child : children_)
        child->receive();
    Result<std::vector<ControlMessage>> messages = worker_->receive();
    if (!messages) return tl::unexpected(messages.error());
    for (ControlMessage& message : *messages) {
        Result<void> handled = std::visit([this](auto& body) { return handle(body); }, message);
        if (!handled) return handled;
    }
    return {};
}

Result<void> Session::handle(Hello& hello) {
    environment_ = std::move(hello.environment);
    environment_.name = options_.environment;
    python_path_ = std::move(hello.python_path);
    checks_ = std::move(hello.checks);
    places_ = places_of(cases_, options_.worker, hello.folders);
    keep_timings(hello.timings_s);
    if (saves_) {
        saves_->torch_build = environment_.torch_build;
        if (Result<void> begun = begin_programs(*saves_); !begun) return begun;
    }
    if (!std::exchange(was_greeted_, true) && events_.ready) events_.ready(environment_);
    for (const matrix::Case& case_ : cases_) {
        const std::string missing = what_is_missing(case_, environment_);
        if (missing.empty()) continue;
        for (const matrix::Cell& cell : queue_.give_up(case_.name))
            keep_unobserved(cell, missing);
    }
    return {};
}

Result<void> Session::handle(const Ready& ready) {
    ready_.insert(ready.mode);
    keep_timings(ready.timings_s);
    return {};
}

Result<void> Session::handle(const Fatal& fatal) {
    return tl::unexpected(Error{options_.worker.string(), 0, fatal.what, fatal.remedy});
}

Result<void> Session::handle(const Forked& forked) {
    if (Child* child = find(forked.id)) child->forked(forked.pid);
    return {};
}

Result<void> Session::handle(const Exited& exited) {
    Child* child = find(exited.id);
    if (child == nullptr) return {};
    std::vector<record::Observation> seen = child->finish(exited.signal, exited.exit_code);
    std::erase_if(children_, [&](const auto& each) { return each.get() == child; });
    if (exited.id == baseline_id_) {
        keep_baseline(seen);
    } else {
        for (record::Observation& observation : seen) {
            if (try_again(observation)) continue;
            if (const std::string stage = check_killed(observation); !stage.empty())
                observation.result = record::Unobserved{killed_twice(stage)};
            keep(std::move(observation));
        }
    }
    return {};
}

bool Session::try_again(const record::Observation& observation) {
    const auto* crashed = std::get_if<record::Crashed>(&observation.result);
    if (crashed == nullptr || crashed->signal != SIGKILL) return false;
    const Result<matrix::Cell> cell = matrix::parse_cell(observation.cell);
    if (!cell || !queue_.try_again(*cell)) return false;
    if (events_.notice) {
        events_.notice(fmt::format("{} was killed from outside in {} ({}); it is run again, alone",
                                   observation.cell, crashed->stage, why_killed));
    }
    return true;
}

void Session::keep(record::Observation observation) {
    fruitless_restarts_ = 0;
    places_.neutralise(observation);
    const auto [kept, inserted] =
        observations_.insert_or_assign(observation.cell, std::move(observation));
    if (events_.observed) events_.observed(kept->second, observations_.size(), total_);
}

void Session::keep_unobserved(const matrix::Cell& cell, std::string reason) {
    record::Observation observation;
    observation.cell = cell.name();
    observation.result = record::Unobserved{std::move(reason)};
    keep(std::move(observation));
}

void Session::keep_baseline(const std::vector<record::Observation>& seen) {
    for (const record::Observation& observation : seen) {
        const auto exported = observation.timings_s.find("export");
        if (exported == observation.timings_s.end()) continue;
        observations_.at(observation.cell).timings_s["export_long_lived"] = exported->second;
    }
}

void Session::keep_timings(const std::map<std::string, double>& timings_s) {
    timings_s_.insert(timings_s.begin(), timings_s.end());
}

Child* Session::find(std::uint64_t id) {
    const auto found = std::find_if(children_.begin(), children_.end(),
                                    [&](const auto& child) { return child->id() == id; });
    return found == children_.end() ? nullptr : found->get();
}

void Session::reap_overdue() {
    const Clock::time_point now = Clock::now();
    if (warming_up() && now >= startup_deadline_) {
        startup_overdue_ = true;
        worker_->kill();
    }
    for (const auto& child : children_) {
        if (now < child->deadline()) continue;
        if (!child->overdue_before()) {
            child->time_out();
        } else {
            worker_->kill();  // it does not report the end of a child that was killed
        }
    }
}

Result<void> Session::replace_worker() {
    const Ending ending = worker_->last_words();
    const bool too_often = ++fruitless_restarts_ > most_fruitless_restarts;
    if (!was_greeted_ && (too_often || !ending.was_killed || startup_overdue_)) {
        const std::string times =
            too_often ? fmt::format(", {} times in a row", fruitless_restarts_) : "";
        return tl::unexpected(
            Error{options_.worker.string(), 0,
                  fmt::format("the worker ended before it was ready{}: {}", times, ending.words),
                  build_again});
    }
    for (const auto& child : std::exchange(children_, {}))
        recover(*child, ending.words);
    ++restarts_;
    if (too_often) {
        give_up(ending.words);
        return {};
    }
    if (done()) return {};
    if (events_.notice)
        events_.notice(fmt::format("the worker died ({}); starting it again", ending.words));
    return start_worker();
}

void Session::recover(Child& child, const std::string& ending) {
    if (child.id() == baseline_id_) return;
    std::vector<record::Observation> salvaged = child.salvage();
    if (!salvaged.empty()) return keep(std::move(salvaged.front()));
    const matrix::Cell& cell = child.cells().front();
    if (queue_.try_again(cell)) return;
    keep_unobserved(cell, fmt::format("the worker died while this cell ran alone ({})", ending));
}

void Session::give_up(const std::string& ending) {
    const std::string reason =
        fmt::format("the worker died {} times in a row ({})", fruitless_restarts_, ending);
    for (const matrix::Cell& cell : queue_.give_up())
        keep_unobserved(cell, reason);
    baseline_started_ = true;
}

}  // namespace exportgate::run
