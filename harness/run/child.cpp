#include "run/child.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <utility>

#include "record/check_table.h"
#include "run/messages.h"

namespace exportgate::run {

namespace {

/// How long a worker may take to report that a child was forked, or that one that was killed has
/// ended.
constexpr std::chrono::seconds report_limit{60};

/// More than a record keeps, so that what it keeps does not depend on the lengths of paths and
/// process numbers in it.
constexpr std::size_t raw_output_kept = std::size_t{1} << 17;

/// "check:run", "check:bounds", ...: each has its own time.
constexpr std::string_view check_stage = "check:";
/// What a worker may take, beyond the budget of a check, to end it and to go on.
constexpr std::chrono::seconds check_margin{10};

/// A limit as the clock counts: of `--timeout 1e18` more than it can hold.
Clock::duration on_the_clock(std::chrono::duration<double> limit) {
    constexpr std::chrono::hours most{24 * 365};
    return std::chrono::duration_cast<Clock::duration>(std::min<decltype(limit)>(limit, most));
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Child::Child(std::uint64_t id, std::string token, std::vector<matrix::Cell> cells, Limits limits,
             Descriptor channel, Descriptor output)
    : id_(id),
      token_(std::move(token)),
      cells_(std::move(cells)),
      limits_(limits),
      channel_(std::move(channel)),
      output_(std::move(output)),
      started_(Clock::now()),
      deadline_(started_ + report_limit) {}

void Child::forked(pid_t pid) {
    pid_ = pid;
    started_ = Clock::now();
    deadline_ = started_ + on_the_clock(limits_.cell);
}

bool Child::is_checking() const {
    return stage_.starts_with(check_stage);
}

std::chrono::duration<double> Child::limit_of_stage() const {
    if (!is_checking()) return limits_.cell;
    const std::string_view check = std::string_view(stage_).substr(check_stage.size());
    return record::is_consumer(check) ? limits_.consumer : limits_.check;
}

void Child::receive() {
    if (output_.open()) {
        if (read_tail(output_.get(), printed_, raw_output_kept) == ReadState::end) output_.close();
    }
    if (!channel_.open()) return;
    if (read_available(channel_.get(), incoming_) == ReadState::end) channel_.close();
    std::size_t begin = 0;
    for (std::size_t end;
         broken_.empty() && (end = incoming_.find('\n', begin)) != std::string::npos;
         begin = end + 1)
        understand(std::string_view(incoming_).substr(begin, end - begin));
    incoming_.erase(0, begin);
}

void Child::understand(std::string_view line) {
    const std::size_t next = std::min(observations_.size(), cells_.size() - 1);
    const std::string expected = cells_[next].name();
    Result<ChildMessage> message = parse_child_message(line, expected, token_);
    if (!message) {
        broken_ = to_string(message.error());
        return;
    }
    if (const auto* stage = std::get_if<StageBegins>(&*message)) {
        stage_ = stage->stage;
        announced_.begins(stage_);
        if (is_checking()) deadline_ = Clock::now() + on_the_clock(limit_of_stage()) + check_margin;
        return;
    }
    auto& observation = std::get<record::Observation>(*message);
    if (observations_.size() == cells_.size() || observation.cell != expected) {
        broken_ = fmt::format("an observation of {} came where one of {} was due", observation.cell,
                              expected);
        return;
    }
    broken_ = announced_.contradiction(observation);
    if (!broken_.empty()) return;
    announced_.clear();
    observations_.push_back(std::move(observation));
    stage_ = "exit";
    deadline_ = Clock::now() + on_the_clock(limits_.cell);
}

void Child::time_out() {
    timed_out_ = true;
    deadline_ = Clock::now() + report_limit;
    kill();
}

void Child::kill() const {
    if (pid_ > 0) ::kill(-pid_, SIGKILL);
}

std::vector<record::Observation> Child::finish(int signal, int exit_code) {
    receive();
    kill();  // what the case left running
    const bool ended_badly = timed_out_ || signal != 0 || exit_code != 0 || !broken_.empty();
    std::vector<record::Observation> all = std::move(observations_);
    // A child that answered and then died has not shown that its last answer can be trusted.
    if (ended_badly && all.size() == cells_.size()) all.pop_back();
    while (all.size() < cells_.size())
        all.push_back(missing(cells_[all.size()], signal, exit_code));
    for (record::Observation& observation : all)
        complete(observation);
    return all;
}

std::vector<record::Observation> Child::salvage() {
    receive();
    kill();
    if (cells_.size() != 1 || !broken_.empty()) return {};
    for (record::Observation& observation : observations_)
        complete(observation);
    return std::move(observations_);
}

record::Observation Child::missing(const matrix::Cell& cell, int signal, int exit_code) const {
    record::Observation observation;
    observation.cell = cell.name();
    if (timed_out_) {
        observation.result = record::TimedOut{stage_, limit_of_stage().count()};
    } else if (!broken_.empty()) {
        observation.result = record::Unobserved{broken_};
    } else {
        observation.result = record::Crashed{stage_, signal, exit_code};
    }
    return observation;
}

void Child::complete(record::Observation& observation) const {
    observation.output = printed_;
    if (cells_.size() == 1) observation.timings_s["child"] = seconds_since(started_);
}

}  // namespace exportgate::run
