// What the JSON reports spell alike.
#pragma once

#include <nlohmann/json.hpp>

#include "verdict/verdict.h"

namespace exportgate::report {

using Json = nlohmann::ordered_json;

/// [{file, line, what, remedy}]
Json json_of(const Errors& errors);

/// {name, torch, torch_build, python, platform, cxx11_abi, packages}
Json json_of(const record::Environment& environment);

/// {status, headline, checks [{name, status, reasons, notes, revision}]}
Json json_of(const outcome::Outcome& outcome);

/// {text_digest, decomposed_digest}; null where there is no decomposed program
Json digests_of(const outcome::Outcome& outcome);

/// [{check, before, after}], with the revisions; 0: not carried out
Json json_of(const std::vector<verdict::NotCompared>& checks);

/// {reason, url, expires, instead_of (label)}
Json json_of(const verdict::Waived& waiver);

/// {name, case, kind, mode, dims, pair}
Json json_of(const matrix::Cell& cell);

}  // namespace exportgate::report
