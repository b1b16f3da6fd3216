#include "step_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "terminal.h"

namespace exportgate::cli {

StepProgress::StepProgress(std::string name)
    : name_(std::move(name)), terminal_(is_terminal(STDERR_FILENO)) {}

StepProgress::~StepProgress() {
    clear();
}

void StepProgress::show(const std::string& step, double seconds, const std::string& line) {
    if (terminal_) return draw(step, seconds, line);
    if (step.starts_with("looking")) return;
    if (step != step_) {
        step_ = step;
        told_ = 0;
        std::fprintf(stderr, "%s: %s\n", name_.c_str(), step.c_str());
    } else if (seconds >= told_ + 30) {
        told_ = seconds;
        std::fprintf(stderr, "%s:   %.0f s: %s\n", name_.c_str(), seconds,
                     (line.size() > 90 ? line.substr(0, 87) + "..." : line).c_str());
    }
}

void StepProgress::clear() {
    if (!drawn_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
}

void StepProgress::draw(const std::string& step, double seconds, const std::string& line) {
    winsize size{};
    const std::size_t width =
        ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
    std::string text = fmt::format("{}: {}, {:.0f} s", name_, step, seconds);
    if (!line.empty()) text += "  " + line;
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    text.resize(std::min(text.size(), width - 1));
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    drawn_ = true;
}

}  // namespace exportgate::cli
