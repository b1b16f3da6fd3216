#include "graph/canonical_reader.h"
#include "graph/canonical_writer.h"
#include "graph/concat.h"
#include "graph/evaluation.h"
#include "graph/graph.h"
#include "graph/parser.h"

namespace exportgate::graph {
namespace {

// Canonical texts are shorter than their prints; one that is much longer comes from a print that
// was made to have it.
constexpr std::size_t least_text = 1'000'000;
constexpr std::size_t text_per_byte = 16;

Error error_of(const Excess& excess, const std::string& file) {
    return Error{
        file, excess.line, concat({"found ", excess.found, ", expected ", excess.expected}), {}};
}

bool same_meaning(const Meaning& a, const Meaning& b) {
    return a.kind == b.kind && a.number == b.number && a.expression == b.expression &&
           a.text == b.text;
}

/// The value that the signature names as an output must be what the graph returns there.
const OutputSpec* misnamed_output(const Program& program, const Evaluation& evaluation) {
    const Operand& returned = program.graphs[0].returned;
    const bool many = returned.kind == Operand::Kind::sequence;
    for (std::uint32_t i = 0; i < program.outputs.size(); ++i) {
        const Operand& operand = many ? program.operands[returned.first + i] : returned;
        const OutputSpec& spec = program.outputs[i];
        const bool is_value = operand.kind == Operand::Kind::value;
        if (!is_value && spec.value == none) continue;
        if (!is_value || spec.value == none ||
            !same_meaning(evaluation.meanings[operand.value], evaluation.meanings[spec.value])) {
            return &spec;
        }
    }
    return nullptr;
}

}  // namespace

Result<Canonical> canonicalise(std::string_view print, const std::string& file,
                               const std::vector<RequestedDim>& requested,
                               const ObservedSchemas& schemas, const SharedStorage& shared) {
    if (looks_canonical(print)) return read_canonical(print, file);
    Result<Program> program = parse_program(print, file);
    if (!program) return tl::unexpected(program.error());
    for (std::size_t group = 0; group < shared.size(); ++group)
        for (const std::string& target : shared[group])
            program->shared.emplace(target, group);
    Operators operators(schemas);
    const Evaluation evaluation = evaluate(*program, operators);
    if (evaluation.excess) return tl::unexpected(error_of(*evaluation.excess, file));
    if (const OutputSpec* spec = misnamed_output(*program, evaluation)) {
        return tl::unexpected(Error{file,
                                    spec->line,
                                    concat({"found output ", quoted(spec->name),
                                            ", expected the value that forward returns there"}),
                                    {}});
    }
    auto canonical =
        write_canonical(*program, evaluation, requested, least_text + text_per_byte * print.size());
    if (!canonical) return tl::unexpected(error_of(canonical.error(), file));
    canonical->assumed_schemas = operators.assumed();
    return std::move(*canonical);
}

}  // namespace exportgate::graph
