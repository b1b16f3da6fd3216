// The facade of this folder: a printed ExportedProgram in, its canonical form out; and the
// comparison of two of them. No torch, no Python, no files. What it cannot read is an error with a
// line number, never "equal".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace exportgate::graph {

/// Version of the canonical text. It is the first line of the text; texts of different versions are
/// never compared.
inline constexpr int format_version = 2;

/// A dim that the caller asked to be dynamic, for the legend of the canonical text. A bare print
/// has none.
struct RequestedDim {
    std::size_t user_input = 0;  // index among the USER_INPUTs
    std::size_t dim = 0;
    std::string name;  // "batch"
};

/// Schemas of operators as the torch that printed the program has them, by their names in the print
/// without "torch.ops.": "aten.add.Tensor" -> "aten::add.Tensor(Tensor self, ...) -> Tensor".
using ObservedSchemas = std::map<std::string, std::string, std::less<>>;

struct Input {
    std::string name;                // as printed: "dc_key_cache_0"
    std::string kind;                // "USER_INPUT", "PARAMETER", "BUFFER", "CONSTANT_TENSOR", ...
    std::string target;              // "p.weight"; empty for user inputs
    std::string dtype;               // "f32"; empty where the input is not a tensor
    std::string subclass;            // "TwoTensor", "DTensor, S(0)"; empty for a plain tensor
    std::vector<std::string> shape;  // canonical expressions: "8", "s0", "2*s0"
    bool is_constant = false;        // None or a number, which a print does not tell apart
};

struct Symbol {
    std::string name;     // canonical: "s0", "u0"
    std::string printed;  // as torch named it: "s27"
    std::string lower;    // "1"; empty where the print gives no range
    std::string upper;    // "1024", "int_oo"
};

struct Canonical {
    std::string text;  // ends with a newline; byte-identical for equal structure
    std::vector<Input> inputs;
    std::vector<Symbol> symbols;
    // Operators some of whose operands were left out, or written by position, going by the table of
    // schemas only: what the torch that printed the program has as their defaults was not observed.
    std::vector<std::string> assumed_schemas;
};

/// Targets of parameters, buffers and constants that are known to lie in one storage, by group. No
/// print says it.
using SharedStorage = std::vector<std::vector<std::string>>;

/// Parses the whole of `print` (LF or CRLF) and puts it into canonical form, in time linear in its
/// length. A canonical text is checked and comes back as it is (without names of inputs).
/// `file` is used in messages only. Error: "file:line: found ..., expected ...".
/// Operands that are the default in the table of schemas (operators.tsv) are left out, whatever
/// `schemas` there are. What a torch of `schemas` has as another default is written. So texts of
/// prints with and without schemas can be compared.
/// `shared`: a read of one of a group stays on its side of a write into another.
Result<Canonical> canonicalise(std::string_view print, const std::string& file,
                               const std::vector<RequestedDim>& requested = {},
                               const ObservedSchemas& schemas = {},
                               const SharedStorage& shared = {});

/// What a structural difference is about, the weightiest first.
enum class About { calls, number_of_inputs, input, other, what_follows };

struct StructuralDifference {
    About about{};      // what_follows: symbols and lines that are others where something else is
    std::string words;  // "1 call added: aten.add.Tensor"
};

/// Structural difference of two prints in a few sentences, first differences first; empty where
/// they have the same structure. Built on the two canonical texts.
std::vector<StructuralDifference> structural_diff(const Canonical& a, const Canonical& b);

/// Text diff for the eye of two canonical texts: values are renumbered so that moved and renamed
/// things line up, context of three lines; empty where the texts are equal.
std::string text_diff(std::string_view expected, std::string_view observed);

}  // namespace exportgate::graph
