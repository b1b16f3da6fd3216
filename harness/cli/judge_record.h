// What `run`, `check` and `show` share: goldens in, a judged record out, reports written.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "verdict/verdict.h"
#include "workspace.h"

namespace exportgate::cli {

/// The goldens of every case. Errors: all mistakes of all golden files.
Results<std::vector<golden::Golden>> load_goldens(const Folders& folders,
                                                  const Workspace& workspace);

struct ReportFiles {
    std::filesystem::path junit;
    std::filesystem::path json;
    std::filesystem::path outcomes;  // folder
};

/// Adds --junit, --json and --outcomes.
void add_report_options(CLI::App& command, ReportFiles& files);

/// Writes the reports that were asked for. Errors name the file.
Result<void> write_reports(const ReportFiles& files, const verdict::Judged& judged);

/// What has to be said of values that derive from another seed than those of the goldens: lines, ""
/// for none. The seed may be the record's, or that of a case whose case.toml was edited since.
std::string seed_notes(const record::Record& record, const Workspace& workspace,
                       std::span<const golden::Golden> goldens,
                       std::span<const matrix::Cell> selected);

/// Judges `selected` as of the day in `folders`: waived is what the cases' waivers cover. Orphans
/// count where every declared cell was selected and no case was left out.
verdict::Judged judge_record(const record::Record& record, const Folders& folders,
                             const Workspace& workspace, std::span<const golden::Golden> goldens,
                             std::span<const matrix::Cell> selected);

}  // namespace exportgate::cli
