"""The check `run`: the exported program computes what the model computes, wherever it was asked to.

A program with dynamic dims has to do so at every pair; a static one at its own pair, and it has to
refuse the others.
"""

import re

from exportgate_worker import comparison, errors, inputs

ROUNDS = (1, 2)  # two sets of values, neither of which the program was exported with

# How releases say that the shapes are not those that the program was exported for. Whatever else it
# raises is not a refusal.
REFUSAL = re.compile(r"Guard failed|Expected input (at |.* to be )")


def reasons_against(subject, ep):
    """Why the check fails; empty where it passes. No reason holds what varies between runs."""
    program = ep.module()
    found = []
    for pair in subject.case.pairs:
        must_run = subject.dims != "static" or pair.name == subject.pair.name
        judge = _must_run if must_run else _must_refuse
        for round_ in ROUNDS:
            found += judge(subject, program, pair, round_)
    return list(dict.fromkeys(found))


def _call(subject, program, pair, round_):
    """Output of `program`, and the names of the inputs that it changed."""
    leaves = inputs.random_leaves(subject.case, pair, round_)
    args = subject.make_inputs(leaves)
    before = comparison.copies(leaves)
    output = program(*args)
    return comparison.flat_outputs(output), comparison.changed(leaves, before)


def _must_run(subject, program, pair, round_):
    expected, _ = _call(subject, subject.model, pair, round_)
    try:
        output, mutated = _call(subject, program, pair, round_)
    except Exception as error:
        if REFUSAL.search(errors.message(error)):
            return [f"pair {pair.name}: refused"]
        return [f"pair {pair.name}: raises {errors.short_reason(error)}"]
    found = [f"pair {pair.name}: mutates {name}" for name in mutated]
    if not comparison.equal(output, expected):
        found.append(f"pair {pair.name}: differs from eager")
    if subject.reference is not None:
        leaves = inputs.random_leaves(subject.case, pair, round_)
        reference = comparison.flat_outputs(subject.reference(*leaves.values()))
        if not comparison.equal(output, reference):
            found.append(f"pair {pair.name}: differs from the C++ reference")
    return found


def _must_refuse(subject, program, pair, round_):
    try:
        _call(subject, program, pair, round_)
    except Exception as error:
        if REFUSAL.search(errors.message(error)):
            return []
        return [f"pair {pair.name}: not refused, but raises {errors.short_reason(error)}"]
    return [f"pair {pair.name}: accepted by a static program"]
