// With which `seed` of the case the outcomes of a release were accepted. Values derive from it, so
// an outcome of another seed may say other things of the same class.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/torch_version.h"

namespace exportgate::golden {

struct Golden;
enum class Covers;

/// By release; several where it was accepted in parts. A release that is not there has seed 0 only.
using Seeds = std::map<TorchVersion, std::set<std::int64_t>>;

/// "2.7.1=7 2.8.0=0+7"; "" for none.
std::string print_seeds(const Seeds& seeds);

/// What cannot be read is a problem and left out.
Seeds parse_seeds(std::string_view text, std::vector<std::string>& problems);

/// Those of the outcomes that `golden` expects of `torch`: of the last release up to it that was
/// accepted, at least in part. Empty where there is none.
std::set<std::int64_t> seeds_at(const Golden& golden, const TorchVersion& torch);

/// In `golden`, which `before` became when outcomes of `torch` were accepted. Those that stay keep
/// their seed.
void keep_seed(Golden& golden, const Golden& before, const TorchVersion& torch, std::int64_t seed,
               Covers covers);

}  // namespace exportgate::golden
