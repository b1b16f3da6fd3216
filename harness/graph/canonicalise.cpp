#include "graph/canonical_writer.h"
#include "graph/evaluation.h"
#include "graph/graph.h"
#include "graph/parser.h"

namespace exportgate::graph {

Result<Canonical> canonicalise(std::string_view print, const std::string& file,
                               const std::vector<RequestedDim>& requested) {
    Result<Program> program = parse_program(print, file);
    if (!program) return tl::unexpected(program.error());
    const Evaluation evaluation = evaluate(*program);
    return write_canonical(*program, evaluation, requested);
}

}  // namespace exportgate::graph
