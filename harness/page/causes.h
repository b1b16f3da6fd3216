// What the catalogue says of a cell: cause and remedy, for its detail.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "base/torch_version.h"
#include "matrix/cell.h"
#include "outcome/outcome.h"
#include "report/json_parts.h"

namespace exportgate::page {

/// Entries of the catalogue by number; many cells have the same cause.
class Causes {
  public:
    /// The numbers of the entries that explain `outcome`, the first of each finding, each once.
    std::vector<std::size_t> numbers_of(const matrix::Cell& cell, const TorchVersion& torch,
                                        const outcome::Outcome& outcome);

    /// [{"id", "title", "cause", "fix"}], by number.
    report::Json json() const {
        return entries_;
    }

  private:
    std::map<std::string, std::size_t> numbers_;  // by id
    report::Json entries_ = report::Json::array();
};

}  // namespace exportgate::page
