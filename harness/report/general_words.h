// What several cells say in the same way, without the names and numbers that are one cell's own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matrix/case.h"

namespace exportgate::report {

class GeneralWords {
  public:
    /// Of a cell at `pair` of the case `of`. Null: nothing is known of them, and their names and
    /// numbers stay.
    GeneralWords(const matrix::Case* of, const matrix::Pair* pair) : case_(of), pair_(pair) {}

    /// A line of a message or of a reason. The names of the case, its pairs and its dims, and
    /// numbers that are extents of the cell's pair, become "<case>", "<pair>", "<dim>", "<extent of
    /// length>", or "<its extent>" where the line names one dim and means that one. What torch
    /// calls the inputs (L['x'].size()[0]) becomes "<input>" and "<dim of an input>", once for a
    /// whole list of them. "(3 times)" at the end goes.
    std::string message(std::string_view line) const;

    /// The lines of `diff`, a diff of two canonical texts, that changed. Extents become "<extent of
    /// length>", symbols that have a declared name become it; values and other symbols are numbered
    /// by first appearance in all of these lines together. The values of what is baked in go.
    std::vector<std::string> program(std::span<const std::string> diff, std::string_view before,
                                     std::string_view after) const;

  private:
    const matrix::Case* case_;
    const matrix::Pair* pair_;
};

}  // namespace exportgate::report
