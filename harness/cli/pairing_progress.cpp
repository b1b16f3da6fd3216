#include "pairing_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "terminal.h"

namespace exportgate::cli {

PairingLine::PairingLine() : terminal_(is_terminal(STDERR_FILENO)) {}

PairingLine::~PairingLine() {
    clear();
}

bench::PairingEvents PairingLine::events() {
    return {[this](const bench::PairingProgress& progress) { show(progress); },
            [this](const std::string& text) {
                clear();
                std::fprintf(stderr, "exportgate: %s\n", text.c_str());
            }};
}

void PairingLine::show(const bench::PairingProgress& progress) {
    const std::string launch =
        fmt::format("{} {} of {}", progress.again ? "again what is open, fresh launch" : "launch",
                    progress.launch, progress.launches);
    if (!terminal_) {
        if (launch == announced_) return;
        announced_ = launch;
        std::fprintf(stderr, "  %s\n", launch.c_str());
        return;
    }
    // What draws takes time on the other CPU: seldom.
    const auto now = std::chrono::steady_clock::now();
    if (drawn_ && now - drawn_at_ < std::chrono::milliseconds(250)) return;
    drawn_at_ = now;
    std::string text = fmt::format("{}: {}", launch, progress.doing);
    if (progress.benchmarks > 0) {
        text += fmt::format(" {} benchmark{}", progress.benchmarks,
                            progress.benchmarks == 1 ? "" : "s");
    }
    if (progress.doing == "timing") text += fmt::format(", {:.0f}%", progress.share * 100);
    text.resize(std::min<std::size_t>(text.size(), 79));
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    drawn_ = true;
}

void PairingLine::clear() {
    if (!drawn_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
}

}  // namespace exportgate::cli
