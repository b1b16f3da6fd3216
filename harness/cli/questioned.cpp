#include "questioned.h"

namespace exportgate::cli {

report::Questioned questioned(const matrix::Cell& cell, const TorchVersion& torch,
                              const verdict::CellEvidence& seen) {
    if (!seen.outcome)
        return {"not observed", {cell, torch, {catalogue::unobserved(seen.obstacle)}}};
    return {outcome::headline(*seen.outcome), {cell, torch, catalogue::findings(*seen.outcome)}};
}

}  // namespace exportgate::cli
