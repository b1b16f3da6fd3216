// A record of cells, made in an environment: how `run` and `upgrade` come by one.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "record/record_file.h"
#include "run/run.h"
#include "workspace.h"

namespace exportgate::cli {

struct Observing {
    std::filesystem::path environments;
    project::Project project;
    std::string environment;
    std::filesystem::path worker;  // in place of the environment's
    std::size_t jobs = std::max(1U, std::thread::hardware_concurrency());
    double timeout_s = 120;
    double check_timeout_s = 20;
    double consumer_timeout_s = 120;
    std::vector<std::string> consumers;  // besides those of the project and of the cases
    std::int64_t seed = 0;
    std::filesystem::path save_programs;  // folders, see run::Options
    std::filesystem::path load_programs;
    std::vector<std::string> checks;  // to carry out; empty: all
    bool reversed = false;  // the cells run in the other order; the record is in matrix order
    bool timings = false;
    bool fresh = false;  // nothing is taken from an earlier record
    bool reuse = false;  // where nothing can be observed, no earlier record stays
    std::function<bool(const matrix::Cell&)> is_needed;  // observed again in any case; may be empty
    std::filesystem::path record;
    std::string shard;  // for the record's header: "1/3" where `cells` are a part of those selected
    std::string note;   // the same: how it was made, one line
};

/// Who makes records: "exportgate 0.1.0".
inline const std::string made_by = "exportgate " EXPORTGATE_VERSION;

/// Adds --environments, --jobs, --timeout, --check-timeout, --consumers, --consumer-timeout, --seed
/// and --fresh; the environment is the project's.
void add_observing_options(CLI::App& command, Observing& how, const project::Project& project);

/// Python, and so workers, look for packages where exportgate.toml says, before whatever PYTHONPATH
/// names.
void look_for_packages(const project::Project& project);

/// The worker of the environment. Errors: there is no such environment, and where exportgate.toml
/// asks for it, which line; or its worker cannot be used as it is (sources, torch or native.cpp
/// changed); each with the command that helps.
Results<std::filesystem::path> worker_of(const Observing& how,
                                         const std::vector<matrix::Case>& cases);

/// Those of `cells` that are declared for the torch of the environment; all of them for a worker
/// that was named. Errors: none is; the environment is not there.
Result<std::vector<matrix::Cell>> declared_there(const Observing& how,
                                                 const std::vector<matrix::Case>& cases,
                                                 const std::vector<matrix::Cell>& cells);

/// What is asked of the worker, which is `how.worker`.
run::Options options_of(const Observing& how);

/// The record of `cells`, which is kept in `how.record`. Those that the record of an earlier run
/// has and that did not change since are taken from it (taking.h); the others are observed. Errors:
/// as worker_of, a worker that does not answer, a record that cannot be written. An interrupted run
/// is a record that says so.
Results<record::Record> observe(Observing how, const Workspace& workspace,
                                const std::vector<matrix::Cell>& cells);

}  // namespace exportgate::cli
