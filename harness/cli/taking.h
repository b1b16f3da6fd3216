// Cells that an earlier run observed, and that need not be observed again: the one rule of `run`,
// of ctest's fixture and of `upgrade` (run/unchanged.h).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "observe_cells.h"
#include "record/record_file.h"
#include "run/run.h"
#include "workspace.h"

namespace exportgate::cli {

/// What an earlier record has of the cells that are asked for.
struct Taken {
    std::optional<record::Record> earlier;  // nullopt: nothing is taken
    std::vector<matrix::Cell> again;        // to be observed, in the order in which they were asked
    std::vector<std::string> reasons;       // why, each once, the first ones
};

/// When the observation was made, as a record says times.
const std::string& time_of(const record::Record& record, const record::Observation& observation);

/// Nothing is taken where CI is set, by `--fresh`, and where the run makes more than a record: a
/// record holds neither programs nor the times of a baseline.
bool may_take(const Observing& how);

/// Reads the record that is there. What is not known, or cannot be read, is observed again.
Taken take(const Observing& how, const run::Options& options, const Workspace& workspace,
           const std::vector<matrix::Cell>& cells);

/// "131 cells taken from the record of 13:55, 43 exported (the case kv_cache changed)"; empty where
/// nothing is taken.
std::string sentence_of(const Taken& taken, const std::vector<matrix::Cell>& cells);

/// One record of what was taken and of what was observed now, in the order of `cells`. `observed`:
/// the record of `taken.again`, nullopt where nothing had to be observed. Error: a case cannot be
/// read.
Result<record::Record> combined(const Taken& taken, std::optional<record::Record> observed,
                                const run::Options& options, const Workspace& workspace,
                                const std::vector<matrix::Cell>& cells);

}  // namespace exportgate::cli
