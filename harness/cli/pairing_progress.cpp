#include "pairing_progress.h"

#include <fmt/format.h>

namespace exportgate::cli {

bench::PairingEvents PairingLine::events() {
    return {[this](const bench::PairingProgress& progress) { show(progress); },
            [this](const std::string& text) { line_.print("exportgate: " + text); }};
}

void PairingLine::show(const bench::PairingProgress& progress) {
    const std::string launch =
        fmt::format("{} {} of {}", progress.again ? "again what is open, fresh launch" : "launch",
                    progress.launch, progress.launches);
    if (!line_.is_on_terminal()) {
        if (launch == announced_) return;
        announced_ = launch;
        return line_.print("  " + launch);
    }
    // What draws takes time on the other CPU: seldom.
    const auto now = std::chrono::steady_clock::now();
    if (now - drawn_at_ < std::chrono::milliseconds(250)) return;
    drawn_at_ = now;
    std::string text = fmt::format("{}: {}", launch, progress.doing);
    if (progress.benchmarks > 0) {
        text += fmt::format(" {} benchmark{}", progress.benchmarks,
                            progress.benchmarks == 1 ? "" : "s");
    }
    if (progress.doing == "timing") text += fmt::format(", {:.0f}%", progress.share * 100);
    line_.draw(std::move(text));
}

}  // namespace exportgate::cli
