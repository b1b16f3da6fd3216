// The cells that still have to be run, in the order in which a worker can take them.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "matrix/cell.h"

namespace exportgate::run {

class Queue {
  public:
    explicit Queue(std::span<const matrix::Cell> cells);

    /// Nothing waits, neither in its turn nor to be tried again.
    bool empty() const {
        return waiting_.empty() && suspects_.empty();
    }

    /// The next cell whose mode is warm: strict ones first, since they take longest. What is tried
    /// again runs at the end, and only where nothing else does (`is_idle`).
    std::optional<matrix::Cell> take(const std::set<matrix::Mode>& warm, bool is_idle);

    /// Something from outside ended the cell's child, or its worker: it is tried once more, alone.
    /// False where it was before: then it is to blame.
    bool try_again(const matrix::Cell& cell);

    /// Takes out what waits of a case, which cannot run here.
    std::vector<matrix::Cell> give_up(const std::string& case_name);

    /// All that waits, which is not going to run.
    std::vector<matrix::Cell> give_up();

  private:
    std::deque<matrix::Cell> waiting_;
    std::deque<matrix::Cell> suspects_;
    std::map<std::string, int> failures_;
};

}  // namespace exportgate::run
