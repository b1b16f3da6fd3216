// torch releases in PEP 440 order (dev < rc < final). The local part ("+cpu", "+cu128") is kept for
// display and not compared.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate {

class TorchVersion {
  public:
    /// "2.13.0", "2.14.0rc2", "2.15.0.dev20261101+cpu". Error: not a version.
    static Result<TorchVersion> parse(std::string_view text);

    /// Without the local part, in PEP 440 normal form: "2.13.0".
    const std::string& text() const {
        return text_;
    }

    std::strong_ordering operator<=>(const TorchVersion& other) const;
    bool operator==(const TorchVersion& other) const;

  private:
    std::string text_;
    std::vector<long> key_;  // release numbers without trailing zeros, then the phase (dev, a, b,
                             // rc, final, post)
    std::vector<long> phase_;
};

/// Whether a torch that says "2.13.0+cu130" of itself is the one that `asked` names: "2.13" is any
/// build of that release, "2.13.0+cpu" that build only. False where one of them is no version.
bool is_torch(std::string_view asked, std::string_view torch_build);

}  // namespace exportgate
