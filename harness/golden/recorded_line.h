// The line of expected.tsv that names the releases: "recorded: 2.6.0 2.7.1, in part: 2.8.0",
// and behind it ", seeds: 2.7.1=7" where the case had one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "golden/golden.h"

namespace exportgate::golden {

struct RecordedLine {
    std::vector<TorchVersion> recorded;
    std::vector<TorchVersion> in_part;  // rows have them as `since`, and nothing else tells of them
    Seeds seeds;
    std::vector<std::string> problems;
};

std::string print_recorded(const Golden& golden);

/// What cannot be read is a problem and left out.
RecordedLine parse_recorded(std::string_view line);

}  // namespace exportgate::golden
