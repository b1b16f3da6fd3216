// Commands that take minutes, step by step, on standard error.
#pragma once

#include <string>

namespace exportgate::cli {

/// What a step is at: one line that is drawn again and again on a terminal, a line every half
/// minute elsewhere.
class StepProgress {
  public:
    /// `name`: of the environment, before every line.
    explicit StepProgress(std::string name);
    StepProgress(const StepProgress&) = delete;
    StepProgress& operator=(const StepProgress&) = delete;
    ~StepProgress();

    /// `line`: what the command printed last.
    void show(const std::string& step, double seconds, const std::string& line);

    /// Leaves nothing of a drawn line, for what is printed next.
    void clear();

  private:
    void draw(const std::string& step, double seconds, const std::string& line);

    std::string name_;
    bool terminal_;
    bool drawn_ = false;
    std::string step_;
    double told_ = 0;
};

}  // namespace exportgate::cli
