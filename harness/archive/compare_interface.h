// What the documents of two saved programs say besides the graph.
#pragma once

#include "archive/comparison.h"

namespace exportgate::archive {

/// Names and values of inputs; strides, device, layout and requires_grad of tensors that come in.
Part compare_inputs(const SavedModel& a, const SavedModel& b);

/// in_spec and out_spec of the program and of modules whose signature was kept; argument names;
/// which values of the graph go into such a module and come out of it. Not compared: what only one
/// file says, and values where the nodes of the files are in different orders.
Part compare_specs(const SavedModel& a, const SavedModel& b);

Part compare_guards(const SavedModel& a, const SavedModel& b);

/// Opset, and the dialect of torch's verifier.
Part compare_versions(const SavedModel& a, const SavedModel& b);

/// What somebody wrote into the module's metadata: no difference of the programs.
Part compare_metadata(const SavedModel& a, const SavedModel& b);

/// Members that no known release of torch writes: where they differ, nobody knows what they mean.
/// Nothing where neither file has one.
std::optional<Part> compare_unknown_members(const SavedModel& a, const SavedModel& b);

/// Which torch wrote the file, in which version of its schema: no difference of the programs.
Part compare_origin(const SavedModel& a, const SavedModel& b);

/// "2.13.0"; empty where the file does not say it.
std::string torch_of(const SavedModel& model);

}  // namespace exportgate::archive
