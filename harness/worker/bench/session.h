// The benchmarks of a plan, as exportgate_bench/entry.py knows them, and those that were prepared.
// Python is running. Where Python raises, pybind11::error_already_set is thrown.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "timed_call.h"

namespace exportgate::worker {

struct Listed {
    std::string name;
    std::string reason;  // why it is not available; empty: it is, as far as can be told cheaply
};

/// A benchmark that can run. All counters of one call.
struct Prepared {
    TimedCall call;
    std::map<std::string, double> counters;  // leaves, allocations, flatten_share, ...
};

class Session {
  public:
    /// Imports torch and loads the cases of the plan file. Throws std::runtime_error where the plan
    /// cannot be used.
    static Session open(const std::string& plan_file);

    /// "hello" and "benchmarks" of the protocol.
    const nlohmann::json& hello() const {
        return hello_;
    }
    const nlohmann::json& benchmarks() const {
        return benchmarks_;
    }
    std::vector<Listed> listed() const;

    /// Builds what the benchmark calls, once, and calls it; `reason` says why where that cannot be
    /// done. Null then.
    Prepared* prepare(const std::string& name, bool with_counters, std::string& reason);

    /// The prepared one of that name; null where there is none.
    Prepared* prepared(const std::string& name);

    /// Collects what calls left behind: Python's pytree makes a cycle a call, and the collector is
    /// off while a call is timed.
    void collect_garbage();

    /// Exempts from collections what is there to stay, so that they take no time.
    void freeze_garbage();

  private:
    nlohmann::json hello_;
    nlohmann::json benchmarks_;
    std::map<std::string, std::unique_ptr<Prepared>> prepared_;
};

}  // namespace exportgate::worker
