// Progress of the gate on standard error: a line on a terminal, one per launch elsewhere.
#pragma once

#include <chrono>
#include <string>

#include "bench/pairing.h"

namespace exportgate::cli {

class PairingLine {
  public:
    PairingLine();
    PairingLine(const PairingLine&) = delete;
    PairingLine& operator=(const PairingLine&) = delete;
    ~PairingLine();

    /// The callbacks for bench::time_pairs; valid while this object lives.
    bench::PairingEvents events();

    void clear();

  private:
    void show(const bench::PairingProgress& progress);

    bool terminal_;
    bool drawn_ = false;
    std::string announced_;
    std::chrono::steady_clock::time_point drawn_at_{};
};

}  // namespace exportgate::cli
