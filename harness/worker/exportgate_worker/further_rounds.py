"""What a program is called with besides random values at the pairs.

Each function adds to the findings of the check `run` what its round finds, and stops at the first
call that differs.
"""

from exportgate_worker import (
    check_process,
    edge_values,
    errors,
    extents,
    layouts,
    other_constants,
    other_weights,
    rounds,
    traits,
)
from exportgate_worker.agreement import complaint
from exportgate_worker.behaviour import Call, differences
from exportgate_worker.rounds import Round


def at_other_extents(caller, findings):
    """At all of `extents.tried`."""
    subject = caller.subject
    pairs, left_out = extents.tried(
        subject.case, subject.pair, subject.seed, subject.numbers_in_code
    )
    if left_out:
        findings.note("extents", f"{left_out} not tried: not allowed by the case, or too large")
    at_extents(caller, findings, pairs)


def at_extents(caller, findings, pairs):
    """A refusal of what is neither a pair's nor in a range that was asked for is no failure."""
    asked_for = caller.subject.has_ranges
    for pair in pairs:
        place = f"extents {pair.name}"
        both = caller.both(pair, rounds.EXTENTS_ROUND)
        if errors.is_out_of_memory(both.eager.error):
            findings.note_once(place, "memory", "not tried: out of memory")
        elif both.eager.error is not None:
            said = f"eager raises {errors.short_reason(both.eager.error)}"
            findings.note_once(place, "declaration", f"in the declared range, but {said}")
        elif both.call.is_refused and not asked_for:
            findings.note_once(place, "refused", both.reasons()[0])
        elif findings.add(place, both.reasons()):
            return


def of_edges(caller, findings, kinds=None, raises_as_eager=True):
    """All, or those of `kinds`. Eager may die of such values, so this is the last of all rounds.

    `raises_as_eager`: whether the program has to raise where eager does. Operators that others are
    made into look at their arguments less.
    """
    subject, program = caller.subject, caller.program
    for kind in edge_values.kinds_of(subject.case, subject.pair, subject.numbers_in_code):
        if kinds is not None and kind not in kinds:
            continue
        place = f"edges ({kind})"
        round_ = Round(rounds.EDGES_ROUND, edges=kind)
        _say_so_far(findings, place, "eager")
        eager = Call(subject, caller.used or subject.fresh_model(), subject.pair, round_)
        _say_so_far(findings, place, "the program")
        if eager.error is not None and not raises_as_eager:
            continue
        call = Call(subject, program, subject.pair, round_)
        found = _of_edge(subject, call, eager)
        if found and caller.used is not None:  # it may have kept what the edges before this left
            eager = Call(subject, subject.fresh_model(), subject.pair, round_)
            found = _of_edge(subject, call, eager)
        if findings.add(place, found):
            return


def _of_edge(subject, call, eager):
    if eager.error is None:
        return complaint(subject, call) or differences(subject, call, eager)
    if call.error is None:
        return [f"eager raises {errors.short_reason(eager.error)}, the program returns"]
    # Whoever catches it goes on with these inputs.
    written = [name for name in call.changed if name not in eager.changed]
    return [f"raises as eager does, but has written into {name} before" for name in written]


def _say_so_far(findings, place, who):
    check_process.so_far(findings.result(), place, who)


def of_layouts(caller, findings):
    """A layout that nobody declared may be refused, but not silently taken for another one. What is
    said of the first ones is not said of the others again."""
    said = set()
    for layout in layouts.ALL:
        place = f"layout ({layout})"
        both = caller.both(caller.subject.pair, Round(rounds.LAYOUT_ROUND, layout=layout))
        if both.eager.error is not None:
            findings.note(place, f"eager raises {errors.short_reason(both.eager.error)}")
        elif both.call.is_refused:
            findings.note(place, both.reasons()[0])
        elif both.call.error is None and findings.add(place, both.reasons()):
            return
        else:
            raised = both.call.error is not None
            found = both.reasons() if raised else traits.differences(both.call, both.eager)
            new = [one for one in found if layout in layouts.FIRST or one not in said]
            findings.for_traits += [f"{place}: {one}" for one in new]
            said.update(found)


def with_distinct_inputs(caller, findings):
    """Two inputs that are one tensor in make_inputs, and two tensors in a later call."""
    subject = caller.subject
    same = _inputs_that_are_one_tensor(subject)
    if not same:
        return
    names = ", ".join(" and ".join(names) for names in same)
    place = "distinct inputs"
    distinct = subject.with_distinct_leaves()
    both = caller.both(subject.pair, Round(rounds.DISTINCT_ROUND), distinct)
    if both.eager.error is not None:
        findings.note(place, f"eager raises {errors.short_reason(both.eager.error)}")
        return
    found = [f"{reason} ({names} are one tensor in make_inputs)" for reason in both.reasons()]
    if not findings.add(place, found):
        findings.note("make_inputs", f"{names} are one tensor")


def _inputs_that_are_one_tensor(subject):
    """Lists of names. Views of one tensor that lie apart are tensors of their own."""
    held = subject.make_inputs(subject.leaves(subject.pair, rounds.EXPORT_ROUND)).leaves()
    by_memory = {}
    for leaf, found in zip(subject.case.inputs, held):
        if leaf.is_tensor and not leaf.same_as and _has_memory(found):
            by_memory.setdefault((found.data_ptr(), found.dtype), []).append(leaf.name)
    return [names for names in by_memory.values() if len(names) > 1]


def _has_memory(found):
    # A wrapper subclass has no memory of its own: its address is 0.
    return hasattr(found, "data_ptr") and found.numel() > 0 and found.data_ptr() != 0


ALL = (
    ("extents", at_other_extents),
    ("layout", of_layouts),
    ("distinct", with_distinct_inputs),
    ("weights", other_weights.compare),
    (other_constants.NAME, other_constants.compare),
    ("edges", of_edges),
)
