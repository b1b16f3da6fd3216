// A script that shows what is wrong with a cell, without exportgate: what goes into a report to
// torch. It is written by an interpreter that has the cell's torch, since what is asked of the dims
// is nested as the inputs are.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/command.h"
#include "matrix/cell.h"
#include "outcome/outcome.h"
#include "record/observation.h"

namespace exportgate::repro {

struct Asked {
    const matrix::Case* declared = nullptr;
    matrix::Cell cell;
    std::string torch;      // in which it fails
    std::int64_t seed = 0;  // of the worker, for this case
    /// Why it was not exported. Without it, and unless `dies`, `failing` has the checks that fail.
    std::optional<record::Rejected> rejected;
    std::string dies;  // how its process did, in words; empty: it did not
    std::vector<outcome::CheckResult> failing;
    bool draft = false;  // the script prints what torch.export.draft_export says instead
};

struct Script {
    std::string text;
    int export_begins = 0;  // lines of the export in `text`, 1-based
    int export_ends = 0;
    std::string check;          // that fails; empty: the export does
    std::string export_raises;  // "torch._dynamo.exc.UserError"; empty: it does not
    std::string message;        // of that; one line
    bool dies = false;          // that the process does is what it shows
};

/// Of the checks that fail, the first one that a script can show. `scratch` is a folder for files
/// that nobody needs afterwards. Errors: what a script cannot show
/// (a class in C++, a check that needs more than a call), or what case.py does that a script
/// cannot; each with a remedy. Interrupted: environment::interrupted_text.
Result<Script> write_script(const Asked& asked, const std::filesystem::path& python,
                            const std::filesystem::path& scratch, environment::Commands& commands);

enum class Shown {
    passes,
    fails,            // where the script is to fail
    fails_before,     // definitions, inputs or the model itself: nothing is said about the export
    fails_otherwise,  // elsewhere, or by another exception
    does_not_end
};

struct Ran {
    Shown shown{};
    std::string torch;   // as the script printed it: "2.13.0+cpu"
    std::string error;   // what it raised, one line; "" where it passes
    std::string report;  // what draft_export said; of a script that asks it
};

/// Runs `file`, which has the text of `script`, in a new process, for `budget` at most. Error:
/// interrupted.
Result<Ran> run_script(const Script& script, const std::filesystem::path& file,
                       const std::filesystem::path& python, std::chrono::seconds budget,
                       environment::Commands& commands);

}  // namespace exportgate::repro
