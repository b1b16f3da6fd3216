#include "progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace exportgate::cli {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t bar_width = 24;
constexpr std::size_t plain_lines = 4;     // in a log, a long run says where it is this often
constexpr std::size_t cells_to_judge = 5;  // so many tell how long the others will take

}  // namespace

std::string duration_text(seconds duration) {
    const auto all = duration.count();
    if (all < 3600) return fmt::format("{}:{:02}", all / 60, all % 60);
    return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
}

Progress::Progress(std::size_t total) : total_(total), started_(steady_clock::now()) {}

run::Events Progress::events() {
    run::Events events;
    events.ready = [this](const record::Environment& environment) {
        line_.print(fmt::format("torch {} on Python {}: {} cell{}", environment.torch_build,
                                environment.python, total_, total_ == 1 ? "" : "s"));
        started_ = steady_clock::now();
        show(0, "warming up");
    };
    events.observed = [this](const record::Observation& observation, std::size_t done,
                             std::size_t) { show(done, observation.cell); };
    events.notice = [this](const std::string& text) { line_.print("exportgate: " + text); };
    if (line_.is_on_terminal()) show(0, "importing torch");
    return events;
}

void Progress::show(std::size_t done, const std::string& cell) {
    if (line_.is_on_terminal())
        return line_.draw(fmt::format("{} {}  {}", bar(done), times(done), cell));
    const std::size_t step = std::max<std::size_t>(1, total_ / plain_lines);
    if (done < announced_ + step && done != total_) return;
    if (done == announced_) return;
    announced_ = done;
    line_.print(fmt::format("  {} of {} cell{}", done, total_, total_ == 1 ? "" : "s"));
}

std::string Progress::bar(std::size_t done) const {
    const std::size_t filled = total_ == 0 ? bar_width : done * bar_width / total_;
    return fmt::format("[{}{}] {:>{}}/{}", std::string(filled, '#'),
                       std::string(bar_width - filled, '.'), done, std::to_string(total_).size(),
                       total_);
}

/// "1:02, about 2:10 left".
std::string Progress::times(std::size_t done) const {
    const auto passed = std::chrono::duration_cast<seconds>(steady_clock::now() - started_);
    std::string text = duration_text(passed);
    if (done < cells_to_judge || done >= total_) return text;
    const auto left = passed * (total_ - done) / done;
    return text + ", about " + duration_text(std::chrono::duration_cast<seconds>(left)) + " left";
}

void Progress::finish() {
    line_.clear();
}

}  // namespace exportgate::cli
