// What is to be explained of a cell that a record holds, or should hold.
#pragma once

#include "base/torch_version.h"
#include "matrix/cell.h"
#include "report/causes.h"
#include "verdict/evidence.h"

namespace exportgate::cli {

report::Questioned questioned(const matrix::Cell& cell, const TorchVersion& torch,
                              const verdict::CellEvidence& seen);

}  // namespace exportgate::cli
