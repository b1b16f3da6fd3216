// Whether what a child says it observed is what it announced on the way there: a message that is no
// result of the worker's own stages is not believed.
#pragma once

#include <string>
#include <vector>

#include "record/observation.h"

namespace exportgate::run {

/// The stages of one cell, as its child announced them.
class Announced {
  public:
    void begins(const std::string& stage);
    void clear();

    /// Why `observation` cannot come from these stages; empty: it can. Exported: all stages up to
    /// "observe" came in their order, and every check that it has was begun. Rejected: the stage
    /// was begun.
    std::string contradiction(const record::Observation& observation) const;

  private:
    bool has(const std::string& stage) const;

    std::vector<std::string> stages_;
};

}  // namespace exportgate::run
