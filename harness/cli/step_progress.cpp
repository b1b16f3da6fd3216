#include "step_progress.h"

#include <fmt/format.h>

namespace exportgate::cli {

namespace {

constexpr double seconds_between_lines = 30;
constexpr std::size_t longest = 90;

}  // namespace

void StepProgress::show(const std::string& step, double seconds, const std::string& line) {
    if (line_.is_on_terminal()) {
        std::string text = fmt::format("{}: {}, {:.0f} s", name_, step, seconds);
        if (!line.empty()) text += "  " + line;
        return line_.draw(std::move(text));
    }
    if (step.starts_with("looking")) return;
    if (step != step_) {
        step_ = step;
        told_ = 0;
        line_.print(fmt::format("{}: {}", name_, step));
    } else if (seconds >= told_ + seconds_between_lines) {
        told_ = seconds;
        const std::string shown =
            line.size() > longest ? line.substr(0, longest - 3) + "..." : line;
        line_.print(fmt::format("{}:   {:.0f} s: {}", name_, seconds, shown));
    }
}

}  // namespace exportgate::cli
