// The subcommands of `exportgate`, one file each. Every one adds itself to the parser, and when it
// was asked for sets the exit code: 0 good, 1 a verdict fails, 2 could not be judged, 130
// interrupted. `project` gives the defaults of its options.
#pragma once

#include <CLI/CLI.hpp>

#include "project/project.h"

namespace exportgate::cli {

enum ExitCode { good = 0, verdict_fails = 1, cannot_judge = 2, interrupted = 130 };

void add_init(CLI::App& app, const project::Project& project, int& exit_code);
void add_try(CLI::App& app, const project::Project& project, int& exit_code);
void add_matrix(CLI::App& app, const project::Project& project, int& exit_code);
void add_list(CLI::App& app, const project::Project& project, int& exit_code);
void add_run(CLI::App& app, const project::Project& project, int& exit_code);
void add_check(CLI::App& app, const project::Project& project, int& exit_code);
void add_merge(CLI::App& app, int& exit_code);
void add_accept(CLI::App& app, const project::Project& project, int& exit_code);
void add_review(CLI::App& app, const project::Project& project, int& exit_code);
void add_explain(CLI::App& app, const project::Project& project, int& exit_code);
void add_show(CLI::App& app, const project::Project& project, int& exit_code);
void add_normalize(CLI::App& app, int& exit_code);
void add_env(CLI::App& app, const project::Project& project, int& exit_code);
void add_diff(CLI::App& app, int& exit_code);
void add_bench(CLI::App& app, const project::Project& project, int& exit_code);
void add_bisect(CLI::App& app, const project::Project& project, int& exit_code);
void add_upgrade(CLI::App& app, const project::Project& project, int& exit_code);
void add_repro(CLI::App& app, const project::Project& project, int& exit_code);
void add_report(CLI::App& app, const project::Project& project, int& exit_code);

}  // namespace exportgate::cli
