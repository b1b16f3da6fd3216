// A distribution that has to be installed, as pip spells it: "transformers>=5.20,<6".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/torch_range.h"

namespace exportgate {

struct Requirement {
    std::string text;                 // as it was written, without blanks
    std::string name;                 // "transformers"
    std::optional<TorchRange> range;  // nullopt: any version

    bool operator==(const Requirement& other) const {
        return text == other.text;
    }
};

/// As pip compares names (PEP 503): "Foo__Bar" and "foo-bar" are one distribution.
std::string normalised_name(std::string_view name);

/// Errors (what and remedy): no name, or what follows it is no range of versions.
Result<Requirement> parse_requirement(std::string_view text);

/// nullopt where it is fulfilled by `installed` (distribution -> version, as a record's environment
/// has them), else what is the matter: "transformers>=5.20 is not installed", "transformers>=5.20
/// is asked for, 4.57.1 is installed". A version that has no order fulfils no range. Names are
/// compared as pip does: case, and runs of '-', '_' and '.', do not matter.
std::optional<std::string> unmet(const Requirement& requirement,
                                 const std::map<std::string, std::string>& installed);

}  // namespace exportgate
