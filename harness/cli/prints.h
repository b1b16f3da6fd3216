// Bare prints of ExportedPrograms, as `normalize` and `diff` take them.
#pragma once

#include "graph/graph.h"

namespace exportgate::cli {

/// What a bare print cannot tell; said wherever one was compared.
inline constexpr const char* not_in_a_print =
    "note: not compared, since a print does not hold it: in_spec and out_spec; the values and "
    "types "
    "of constant inputs; the values of constants; device, strides and requires_grad of inputs; "
    "guards; preserve_module_call_signature; schemas of operators";

/// Says of which operators a schema was assumed, if of any.
void note_assumed_schemas(const graph::Canonical& canonical);

}  // namespace exportgate::cli
