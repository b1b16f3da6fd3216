// Colours of the terminal. With colour off nothing is added, so that a report says everything
// without it.
#pragma once

#include <string>
#include <string_view>

#include "verdict/verdict.h"

namespace exportgate::report {

class Paint {
  public:
    explicit Paint(bool colour) : colour_(colour) {}

    std::string of(verdict::Verdict verdict, std::string_view text) const;
    std::string bold(std::string_view text) const;
    std::string faint(std::string_view text) const;
    std::string good(std::string_view text) const;
    std::string bad(std::string_view text) const;

    /// The lines of a diff: removed red, added green, position lines faint.
    std::string diff_line(std::string_view line) const;

  private:
    std::string wrap(std::string_view code, std::string_view text) const;

    bool colour_;
};

}  // namespace exportgate::report
