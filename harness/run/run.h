// Observes cells: starts the environment's worker, deals cells to it, enforces timeouts, survives
// crashes of children and of the worker, and returns a record. Policy is here; the worker only
// forks and reports.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "matrix/cell.h"
#include "record/record_file.h"

namespace exportgate::run {

struct Options {
    std::string environment = "default";
    std::filesystem::path worker;                    // the worker's executable
    std::size_t jobs = 2;                            // children at a time, at least 1
    std::chrono::duration<double> timeout{120};      // per cell, from its fork to its first check
    std::chrono::duration<double> check_budget{20};  // of each check
    std::chrono::duration<double> consumer_budget{120};  // of each check that is a consumer
    std::filesystem::path artefact_folder;      // what consumers share of this run; empty: nothing
    std::vector<std::string> consumer_command;  // of the check `consumer`; may be empty
    std::int64_t seed = 0;                      // what the random values of inputs derive from
    std::filesystem::path save_programs;        // folder for what exports; empty: it is not kept
    std::filesystem::path load_programs;        // folder of another torch's; empty: none are loaded
    std::vector<std::string> checks;            // to carry out; empty: all that the worker can
    bool baseline = false;  // also run every cell once inside one long-lived child, for --timings
};

/// Called on the caller's thread as things happen, for progress display.
struct Events {
    std::function<void(const record::Environment&)> ready;
    std::function<void(const record::Observation&, std::size_t done, std::size_t total)> observed;
    std::function<void(const std::string&)> notice;  // "the worker died (signal 9); started again"
};

/// Observes `cells`, in order, `jobs` at a time. A crash, a hang, a lost worker are observations,
/// not errors. Errors: the worker is missing, does not answer, or speaks another protocol version;
/// a folder of programs is none, or holds those of other cases. SIGINT and SIGTERM: children and
/// worker are killed, and the record says that it is incomplete.
Result<record::Record> observe(std::span<const matrix::Cell> cells,
                               std::span<const matrix::Case> cases, const Options& options,
                               const Events& events);

}  // namespace exportgate::run
