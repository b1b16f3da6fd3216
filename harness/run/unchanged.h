// Which observations of an earlier record still hold: the one rule by which `run`, `ctest` and
// `upgrade` observe a cell again or take it from the record.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "record/record_file.h"
#include "run/ingredients.h"
#include "run/run.h"

namespace exportgate::run {

/// Looks at files and variables as they are when it is asked. `earlier`, `cases` and `options` must
/// outlive it.
class Unchanged {
  public:
    /// `made_by`: this exportgate, as a header says it.
    Unchanged(const record::Record& earlier, std::span<const matrix::Case> cases,
              const Options& options, const std::string& made_by);

    /// Empty where the observation of `cell` holds: its case, what it opened and imported, the
    /// environment, the worker and what was asked are the same. Else what is not
    /// ("<cases>/helper.py changed"); what is not known counts as changed.
    std::string reason(const matrix::Cell& cell);

  private:
    std::string reason_for_all(const std::string& made_by) const;
    std::string reason_of_case(const std::string& name);

    const record::Record& earlier_;
    std::span<const matrix::Case> cases_;
    const Options& options_;
    IngredientsNow now_;
    std::string for_all_;                                 // empty: the record as a whole holds
    std::map<std::string, std::string> cases_looked_at_;  // case -> why its cells do not hold
};

}  // namespace exportgate::run
