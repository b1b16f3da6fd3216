// `--draft` of explain and show: asks torch.export.draft_export about a rejected cell.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "ended.h"
#include "outcome/draft.h"
#include "project/project.h"
#include "verdict/evidence.h"

namespace exportgate::cli {

struct DraftOptions {
    bool asked = false;
    std::filesystem::path environments;
    std::string in;  // name of the environment whose torch is asked
    int timeout_s = 300;
};

void add_draft_options(CLI::App& command, DraftOptions& options, const project::Project& project);

/// Whether there is something to ask: torch rejected it, and its class is one of Python.
bool can_be_drafted(const matrix::Cell& cell, const verdict::CellEvidence& seen);

/// What is said where --draft was given, and there is nothing to ask.
inline constexpr std::string_view nothing_to_draft =
    "--draft asked nothing: draft_export is for a class of Python that torch.export itself rejects";

/// What it finds in each of `cells`, which can be drafted, in that order. Errors: the environment
/// is not there; interrupted, as environment::interrupted_text.
Result<std::vector<outcome::Draft>> drafts_of(
    const DraftOptions& options, const project::Project& project, const record::Record& record,
    const std::vector<std::pair<matrix::Cell, verdict::CellEvidence>>& cells);

/// How a command ends where there is none: an interruption has an exit code of its own.
Ended no_draft(const Errors& errors);

}  // namespace exportgate::cli
