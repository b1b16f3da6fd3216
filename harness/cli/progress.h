// Progress on standard error while cells are observed: a bar on a terminal, a plain line now and
// then elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "progress_line.h"
#include "run/run.h"

namespace exportgate::cli {

class Progress {
  public:
    explicit Progress(std::size_t total);

    /// The callbacks for run::observe; valid while this object lives.
    run::Events events();

    /// Removes the bar.
    void finish();

  private:
    void show(std::size_t done, const std::string& cell);
    std::string bar(std::size_t done) const;
    std::string times(std::size_t done) const;

    std::size_t total_;
    std::size_t announced_ = 0;
    std::chrono::steady_clock::time_point started_;
    ProgressLine line_;
};

/// "0:07", "2:30", "1:02:03".
std::string duration_text(std::chrono::seconds duration);

}  // namespace exportgate::cli
