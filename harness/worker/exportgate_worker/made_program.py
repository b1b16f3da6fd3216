"""What a program that was made from the exported one does besides at the pairs.

A few calls where `run` makes many: what is wrong with both is said there. At the ends of the
ranges, with other weights, and with values at the edge.
"""

import torch

from exportgate_worker import (
    agreement,
    check_process,
    comparison,
    edge_values,
    extents,
    further_rounds,
    judge,
    other_weights,
    rounds,
)

EDGES = ("large", "infinities", "NaN")
# Of operators that torch decomposes: labels that count for nothing, rows that are hidden.
ALL_EDGES = (*EDGES, "zeros", "minus one", "beyond", edge_values.ROWS)
# A fused kernel of attention takes a row of scores that are NaN for a hidden one, what it is
# decomposed into does not. Torch's own programs differ there.
_FUSED = "scaled_dot_product"
_NOT_FINITE = ("infinities", "NaN", edge_values.ROWS)
# What other operators round is less than this share of the largest element, and what a value of the
# export in place of another one makes is more.
ROUGHLY = 0.05
PLACES = ("extents ", other_weights.PLACE, "edges ")


def edges_in_other_operators(ep):
    """Of ALL_EDGES those at which the operators that `ep` is decomposed into do what its own do."""
    is_fused = any(_FUSED in str(node.target) for node in ep.graph.nodes)
    return tuple(one for one in ALL_EDGES if not (is_fused and one in _NOT_FINITE))


def without_known(reasons, known):
    """`reasons` of `compare` where the check run has none, `known`: what is wrong with the exported
    program is wrong elsewhere too."""
    return [one for one in reasons if not known or not one.startswith(PLACES)]


def compare(subject, program, findings, known=(), edges=ALL_EDGES):
    """Adds to `findings`, of the pairs, what nobody knows of the exported program.

    `known`: reasons of the check run. `edges`: kinds of edge_values. Eager may die of them, so they
    come last.
    """
    if findings.reasons or known:
        return

    def is_on(name):
        return not rounds.switched_off(subject.case, name)

    # Sums of halves round and overflow in other operators where they do not here.
    has_halves = subject.narrowest in (torch.bfloat16, torch.float16)
    caller = agreement.Caller(subject, program, None)
    has_extents = subject.dims != "static" and subject.case.dims
    if has_extents and is_on("extents") and not has_halves:
        pairs, _ = extents.tried(subject.case, subject.pair, subject.seed)
        further_rounds.at_extents(caller, findings, pairs[-2:])
    if is_on("weights"):
        is_in_others = subject.narrowest is not None
        roughly = subject.judged_by(_are_roughly_equal) if is_in_others else subject
        other_weights.compare(agreement.Caller(roughly, program, None), findings, False)
    if is_on("edges") and not has_halves:
        check_process.so_far(findings.result(), "edges", "eager")
        further_rounds.of_edges(caller, findings, edges, raises_as_eager=False)


def _are_roughly_equal(outputs, others):
    return len(outputs) == len(others) and all(map(_is_roughly, outputs, others))


def _is_roughly(one, other):
    if comparison.leaves_are_equal(one, other):
        return True
    if not isinstance(other, torch.Tensor) or not other.is_floating_point():
        return False
    finite = torch.where(other.isfinite(), other, 0).abs()
    largest = finite.max().item() if other.numel() else 0.0
    return judge.largest_distance(one, other) <= ROUGHLY * largest
