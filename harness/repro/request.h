// What exportgate_repro/ is asked.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "repro/repro.h"

namespace exportgate::repro {

std::string first_line(const std::string& text);

nlohmann::json request_of(const Asked& asked);

}  // namespace exportgate::repro
