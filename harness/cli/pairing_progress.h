// Progress of the gate on standard error: a line on a terminal, one per launch elsewhere.
#pragma once

#include <chrono>
#include <string>

#include "bench/pairing.h"
#include "progress_line.h"

namespace exportgate::cli {

class PairingLine {
  public:
    /// The callbacks for bench::time_pairs; valid while this object lives.
    bench::PairingEvents events();

    void clear() {
        line_.clear();
    }

  private:
    void show(const bench::PairingProgress& progress);

    std::string announced_;
    std::chrono::steady_clock::time_point drawn_at_{};
    ProgressLine line_;
};

}  // namespace exportgate::cli
