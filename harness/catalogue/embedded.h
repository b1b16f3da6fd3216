// The files of entries, compiled in.
#pragma once

#include <string_view>
#include <vector>

namespace exportgate::catalogue {

struct Embedded {
    std::string_view file;  // "entries/specialised.toml"
    std::string_view text;
};

/// In the order in which their entries are tried.
const std::vector<Embedded>& embedded();

}  // namespace exportgate::catalogue
