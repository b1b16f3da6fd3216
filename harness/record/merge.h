// The shards of a run, recorded on as many machines, as one record.
#pragma once

#include <span>

#include "base/error.h"
#include "record/record_file.h"

namespace exportgate::record {

/// The record that one unsharded run would have written: the cells dealt back (round robin, as
/// matrix::cells_of_shard dealt them), times the longest of the shards' (they ran side by side).
/// Order of `shards` does not matter. Errors, each naming the file and what is wrong with it: a
/// record that is no shard, or incomplete; a shard that is missing or there twice; shards of
/// different counts, environments, cases, inputs, seeds, notes or versions of exportgate; a cell
/// without an observation; cells that were not dealt from one selection.
Result<Record> merge(std::span<const Record> shards);

}  // namespace exportgate::record
