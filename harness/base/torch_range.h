// Which torch releases something holds for: ">=2.14.0,<2.16".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/torch_version.h"

namespace exportgate {

/// Conditions that all have to hold, in the plain order of versions: 2.16.0rc1 comes before 2.16.0,
/// so "<2.16" holds for it; ">=2.16.0.dev" is where the development of 2.16 begins.
class TorchRange {
  public:
    /// Operators == != < <= > >=, a comma between conditions, blanks anywhere between. Errors: not
    /// such a text; conditions that no release can fulfil together.
    static Result<TorchRange> parse(std::string_view text);

    bool holds(const TorchVersion& torch) const;

    /// As it was written, without blanks.
    const std::string& text() const {
        return text_;
    }

  private:
    struct Condition {
        std::string_view op;  // one of the operators' own texts
        TorchVersion version;
    };
    static bool holds(const Condition& condition, const TorchVersion& torch);
    bool can_hold() const;

    std::string text_;
    std::vector<Condition> conditions_;
};

}  // namespace exportgate
