// A record of cells, made in an environment: how `run` and `upgrade` come by one.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "record/record_file.h"
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
    std::int64_t seed = 0;
    std::filesystem::path save_programs;  // folders, see run::Options
    std::filesystem::path load_programs;
    std::vector<std::string> checks;  // to carry out; empty: all
    bool reversed = false;  // the cells run in the other order; the record is in matrix order
    bool timings = false;
    bool reuse = false;  // a record that is there and still holds is taken as it is
    std::filesystem::path record;
    std::string shard;  // for the record's header: "1/3" where `cells` are a part of those selected
    std::string note;   // the same: how it was made, one line
};

/// Adds --environments, --jobs, --timeout, --check-timeout and --seed; the environment is the
/// project's.
void add_observing_options(CLI::App& command, Observing& how, const project::Project& project);

/// The worker of the environment. Errors: there is no such environment, and where exportgate.toml
/// asks for it, which line; or its worker cannot be used as it is (sources, torch or native.cpp
/// changed); each with the command that helps.
Results<std::filesystem::path> worker_of(const Observing& how,
                                         const std::vector<matrix::Case>& cases);

/// The record that an earlier run left in `how.record`, where it holds just `cells`, is complete,
/// and nothing that it depends on has changed since.
std::optional<record::Record> kept_record(Observing how, const Workspace& workspace,
                                          const std::vector<matrix::Cell>& cells);

/// Observes `cells` and keeps the record in `how.record`. Errors: as worker_of, a worker that does
/// not answer, a record that cannot be written. An interrupted run is a record that says so.
Results<record::Record> observe(Observing how, const Workspace& workspace,
                                const std::vector<matrix::Cell>& cells);

}  // namespace exportgate::cli
