// Two saved programs, compared part by part.
#pragma once

#include <string>
#include <vector>

#include "archive/saved_program.h"

namespace exportgate::archive {

enum class Found {
    same,
    different,     // the programs
    file_only,     // the files, but not the programs
    not_compared,  // only one of the files says it
    unreadable,
};

struct Part {
    std::string name;  // "graph", "guards"; of several models "encoder: graph"
    Found found = Found::same;
    std::vector<std::string> lines = {};  // what is different, or why it was not compared
};

struct Comparison {
    std::vector<Part> parts;
    std::string graph_diff;  // of the canonical texts, for the eye

    bool has(Found found) const;
};

Comparison compare(const SavedProgram& a, const SavedProgram& b);

/// "different"
const char* to_string(Found found);

}  // namespace exportgate::archive
