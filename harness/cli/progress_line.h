// One line on standard error that is drawn again and again while something takes long. Only on a
// terminal; elsewhere lines stay as they are printed.
#pragma once

#include <string>

namespace exportgate::cli {

class ProgressLine {
  public:
    ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine();

    bool is_on_terminal() const {
        return terminal_;
    }

    /// In place of what is drawn, cut to the width of the terminal.
    void draw(std::string text);

    /// A line that stays.
    void print(const std::string& text);

    /// Leaves nothing of a drawn line, for what is printed next.
    void clear();

  private:
    bool terminal_;
    bool drawn_ = false;
};

}  // namespace exportgate::cli
