// Commands that take minutes, step by step, on standard error.
#pragma once

#include <string>

#include "progress_line.h"

namespace exportgate::cli {

/// What a step is at: one line that is drawn again and again on a terminal, a line every half
/// minute elsewhere.
class StepProgress {
  public:
    /// `name`: of the environment, before every line.
    explicit StepProgress(std::string name) : name_(std::move(name)) {}

    /// `line`: what the command printed last.
    void show(const std::string& step, double seconds, const std::string& line);

    /// Leaves nothing of a drawn line, for what is printed next.
    void clear() {
        line_.clear();
    }

  private:
    std::string name_;
    std::string step_;
    double told_ = 0;
    ProgressLine line_;
};

}  // namespace exportgate::cli
