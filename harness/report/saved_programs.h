// What an upgrade says of the programs that A's torch saved.
#pragma once

#include <string>
#include <vector>

#include "verdict/upgrade.h"

namespace exportgate::report {

struct ProgramsPart {
    std::string headline;              // "50 of 53 programs that torch 2.8.0 saved load in torch
                                       // 2.9.1"; empty where none were given to B
    std::vector<std::string> details;  // what did not load, and what was not tried; printable
};

ProgramsPart programs_part(const verdict::Upgrade& upgrade);

/// The same for the page of releases: the details are what is worse or other about these programs,
/// as the cells say it, each with its cells.
ProgramsPart programs_on_page(const verdict::Upgrade& upgrade);

}  // namespace exportgate::report
