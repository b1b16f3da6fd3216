// Waivers: differences that are known and not accepted, for some releases, until a day.
#pragma once

#include <span>

#include "base/date.h"
#include "verdict/verdict.h"

namespace exportgate::verdict {

/// What the cells were compared with. A waiver is written for a difference from the goldens; two
/// releases may well share it, so between records one that waives nothing is no failure.
enum class Against { goldens, record };

/// Judgements that are improved, changed or regressed become waived where a live waiver of their
/// case matches them, its torch range holds the torch of `judged`, and it names all their
/// differences (places_of()): where it does not, the reasons say so. The first in the file
/// counts. They keep their reasons; new and unobserved ones are never waived, and between records
/// what improved is not: it passes as what it is. On its last day a waiver lives.
///
/// Added to `judged.failures`, each with file and line:
///   - a waiver whose cells match none that the case declares, whatever was judged
///   - an expired one in whose range the torch is and which matches a judged cell, also where
///     nothing differs
///   - one that expires more than a year from today, where it matches a judged cell
///   - one in whose range the torch is, all of whose cells were judged and are as expected (only
///     against goldens)
/// So judging a single cell fails for that cell's waivers only. The caller settles the exit code.
void apply_waivers(Judged& judged, std::span<const matrix::Case> cases, const Date& today,
                   Against against = Against::goldens);

/// "until 2027-03-01: <reason> (<url>)"
std::string describe(const Waived& waiver);

}  // namespace exportgate::verdict
