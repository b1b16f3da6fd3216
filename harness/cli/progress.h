// Progress on standard error while cells are observed: a bar on a terminal, a plain line now and
// then elsewhere.
#pragma once

#include <cstddef>
#include <string>

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
    void draw(std::size_t done, const std::string& cell);
    void line(const std::string& text);

    std::size_t total_;
    std::size_t announced_ = 0;
    bool terminal_;
    bool drawn_ = false;
};

}  // namespace exportgate::cli
