#include "progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "terminal.h"

namespace exportgate::cli {

namespace {

constexpr std::size_t bar_width = 24;
constexpr std::size_t plain_lines = 4;  // in a log, a long run says where it is this often

std::size_t columns() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

Progress::Progress(std::size_t total) : total_(total), terminal_(is_terminal(STDERR_FILENO)) {}

run::Events Progress::events() {
    run::Events events;
    events.ready = [this](const record::Environment& environment) {
        line(fmt::format("torch {} on Python {}: {} cell{}", environment.torch_build,
                         environment.python, total_, total_ == 1 ? "" : "s"));
        draw(0, "warming up");
    };
    events.observed = [this](const record::Observation& observation, std::size_t done,
                             std::size_t) { draw(done, observation.cell); };
    events.notice = [this](const std::string& text) { line("exportgate: " + text); };
    if (terminal_) draw(0, "importing torch");
    return events;
}

void Progress::draw(std::size_t done, const std::string& cell) {
    if (!terminal_) {
        const std::size_t step = std::max<std::size_t>(1, total_ / plain_lines);
        if (done < announced_ + step && done != total_) return;
        if (done == announced_) return;
        announced_ = done;
        std::fprintf(stderr, "  %zu of %zu cell%s\n", done, total_, total_ == 1 ? "" : "s");
        return;
    }
    const std::size_t filled = total_ == 0 ? bar_width : done * bar_width / total_;
    std::string text = fmt::format("[{}{}] {:>{}}/{}  {}", std::string(filled, '#'),
                                   std::string(bar_width - filled, '.'), done,
                                   std::to_string(total_).size(), total_, cell);
    text.resize(std::min(text.size(), columns() - 1));
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    drawn_ = true;
}

void Progress::line(const std::string& text) {
    finish();
    std::fprintf(stderr, "%s\n", text.c_str());
}

void Progress::finish() {
    if (!drawn_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
}

}  // namespace exportgate::cli
