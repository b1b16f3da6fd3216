#include "run/queue.h"

#include <algorithm>
#include <utility>

namespace exportgate::run {

namespace {

/// A second death is blamed on the cell.
constexpr int most_attempts = 2;

}  // namespace

Queue::Queue(std::span<const matrix::Cell> cells) : waiting_(cells.begin(), cells.end()) {}

std::optional<matrix::Cell> Queue::take(const std::set<matrix::Mode>& warm, bool is_idle) {
    for (const matrix::Mode mode : {matrix::Mode::strict, matrix::Mode::nonstrict}) {
        if (!warm.contains(mode)) continue;
        const auto found =
            std::find_if(waiting_.begin(), waiting_.end(),
                         [&](const matrix::Cell& cell) { return cell.mode == mode; });
        if (found == waiting_.end()) continue;
        matrix::Cell next = std::move(*found);
        waiting_.erase(found);
        return next;
    }
    if (!waiting_.empty() || !is_idle || suspects_.empty() ||
        !warm.contains(suspects_.front().mode))
        return std::nullopt;
    matrix::Cell next = std::move(suspects_.front());
    suspects_.pop_front();
    return next;
}

bool Queue::try_again(const matrix::Cell& cell) {
    if (++failures_[cell.name()] >= most_attempts) return false;
    suspects_.push_back(cell);
    return true;
}

std::vector<matrix::Cell> Queue::give_up(const std::string& case_name) {
    std::vector<matrix::Cell> taken;
    for (auto* cells : {&waiting_, &suspects_}) {
        std::erase_if(*cells, [&](const matrix::Cell& cell) {
            if (cell.case_name != case_name) return false;
            taken.push_back(cell);
            return true;
        });
    }
    return taken;
}

std::vector<matrix::Cell> Queue::give_up() {
    std::vector<matrix::Cell> all;
    for (auto* cells : {&waiting_, &suspects_}) {
        const auto left = std::exchange(*cells, {});
        all.insert(all.end(), left.begin(), left.end());
    }
    return all;
}

}  // namespace exportgate::run
