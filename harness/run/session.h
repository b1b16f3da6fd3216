// One run of cells on one worker: what is asked, who is running, what came.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "run/child.h"
#include "run/places.h"
#include "run/posix.h"
#include "run/programs.h"
#include "run/queue.h"
#include "run/run.h"
#include "run/worker.h"

namespace exportgate::run {

/// Keeps the worker alive and busy until every cell was observed. `cells`, `cases`, `options`,
/// `events` and `loads` must outlive it.
class Session {
  public:
    Session(std::span<const matrix::Cell> cells, std::span<const matrix::Case> cases,
            const Options& options, const Events& events, const std::optional<Programs>& loads,
            const std::optional<Programs>& saves);

    /// Runs to the end, or until interrupted or broken.
    Result<void> run();

    const record::Environment& environment() const {
        return environment_;
    }
    const std::vector<std::string>& python_path() const {
        return python_path_;
    }
    const record::Revisions& checks() const {
        return checks_;
    }
    const std::map<std::string, double>& timings() const {
        return timings_s_;
    }
    bool interrupted() const {
        return interrupted_;
    }
    /// When the last cell was observed; the baseline of --timings runs after it.
    std::optional<Clock::time_point> observed_at() const {
        return observed_at_;
    }
    std::map<std::string, record::Observation> take_observations();

  private:
    bool done();
    Result<void> start_worker();
    bool warming_up() const {
        return !std::includes(ready_.begin(), ready_.end(), modes_.begin(), modes_.end());
    }
    Result<void> fill();
    Request request_for(const matrix::Cell& cell) const;
    Result<void> send(const std::vector<Request>& requests);
    Result<void> start_baseline();
    void wait();
    Result<void> listen();
    Result<void> handle(Hello& hello);
    Result<void> handle(const Ready& ready);
    Result<void> handle(const Fatal& fatal);
    Result<void> handle(const Forked& forked);
    Result<void> handle(const Exited& exited);

    /// SIGKILL comes from outside as a rule, from the kernel of a machine that ran out of memory:
    /// the cell is tried once more, alone. A second time it is blamed on the cell. In a check it is
    /// not: the program was exported, and what the check would have found was not seen.
    bool try_again(const record::Observation& observation);
    void keep(record::Observation observation);
    void keep_unobserved(const matrix::Cell& cell, std::string reason);
    void keep_baseline(const std::vector<record::Observation>& seen);
    void keep_timings(const std::map<std::string, double>& timings_s);
    Child* find(std::uint64_t id);
    void reap_overdue();
    Result<void> replace_worker();
    void recover(Child& child, const std::string& ending);
    void give_up(const std::string& ending);

    const Options& options_;
    const Events& events_;
    std::size_t total_;
    std::span<const matrix::Case> cases_;
    const std::optional<Programs>& loads_;
    std::optional<Programs> saves_;
    Asked asked_;

    Interrupts interrupts_;
    std::unique_ptr<Worker> worker_;
    record::Environment environment_;
    std::vector<std::string> python_path_;
    record::Revisions checks_;  // that the worker can carry out
    Places places_;
    std::map<std::string, double> timings_s_;
    std::set<matrix::Mode> modes_;  // of the cells
    std::vector<std::string> preload_;
    std::set<matrix::Mode> ready_;
    bool was_greeted_ = false;  // by this worker, or by one before it
    bool startup_overdue_ = false;
    bool interrupted_ = false;
    Clock::time_point startup_deadline_;
    int restarts_ = 0;
    int fruitless_restarts_ = 0;

    Queue queue_;
    std::vector<std::unique_ptr<Child>> children_;
    std::uint64_t last_id_ = 0;
    std::map<std::string, record::Observation> observations_;

    bool baseline_started_ = false;
    std::optional<Clock::time_point> observed_at_;
    std::uint64_t baseline_id_ = 0;
};

}  // namespace exportgate::run
