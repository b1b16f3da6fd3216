"""What a program that was made from the exported one does besides at the pairs.

A few calls where `run` makes many: what is wrong with both is said there. At the upper ends of the
ranges, with other weights, with gradients, and with values at the edge.
"""

from exportgate_worker import (
    agreement,
    check_process,
    extents,
    further_rounds,
    gradients,
    other_weights,
    rounds,
)

EDGES = ("large", "infinities", "NaN")


def compare(subject, program, findings, exported=None, edges=EDGES):
    """Adds to `findings`, of the pairs, what nobody knows of the exported program.

    `exported`: that one, whose gradients are eager's; None where it is not at hand. Eager may die
    of edges, so they come last.
    """
    if findings.reasons:
        return
    known = exported.run_reasons if exported is not None else ()

    def is_on(name, place):
        is_known = any(reason.startswith(place) for reason in known)
        return not rounds.switched_off(subject.case, name) and not is_known

    caller = agreement.Caller(subject, program, None)
    if subject.dims != "static" and subject.case.dims and is_on("extents", "extents "):
        pairs, _ = extents.tried(subject.case, subject.pair, subject.seed)
        further_rounds.at_extents(caller, findings, pairs[-1:])
    if is_on("weights", other_weights.PLACE):
        other_weights.compare(caller, findings)
    if exported is not None and not rounds.switched_off(subject.case, "grad"):
        findings.reasons += _gradients(subject, program, exported)
    if is_on("edges", "edges "):
        check_process.so_far(findings.result(), "edges", "eager")
        further_rounds.of_edges(caller, findings, edges)


def _gradients(subject, program, exported):
    """Where those of the exported program are eager's."""

    def wrong_in(one):
        return gradients.compare(subject, one, rounds.RANDOM[0], (), exported.run_reasons)[0]

    found = wrong_in(program)
    return [one for one in found if one not in wrong_in(exported.program)] if found else []
