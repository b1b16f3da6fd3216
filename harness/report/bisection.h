// What `exportgate bisect` found.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "document/document.h"
#include "verdict/verdict.h"

namespace exportgate::report {

/// Cells that turn at one place in one way.
struct Turn {
    std::vector<matrix::Cell> cells;
    verdict::Verdict turned{};  // from the one end to the other
    std::string of;             // whose releases they are: "torch"
    std::string last_good;      // a release
    std::string first_bad;
    std::string sides;                 // these two, as `upgrade` takes them
    std::vector<std::string> skipped;  // between the two: releases in which a cell was not judged
    std::vector<std::string> earlier;  // before the last good one: those that are bad as well
    verdict::Judgement judgement;      // of one of the cells, from the last good to the first bad

    bool is_like(const Turn& other) const;
};

/// A block for each turn: its cells, the release, what came before and after, why, and the command
/// that shows all. `looked_at` of `count` releases were looked at.
document::Document bisection(std::span<const Turn> turns, std::span<const matrix::Cell> all,
                             std::size_t unturned, std::size_t looked_at, std::size_t count);

}  // namespace exportgate::report
