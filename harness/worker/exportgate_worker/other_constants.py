"""Inputs that are numbers or strings of Python, and of which torch makes constants.

A program that is called with another one than at the export has to refuse, or to compute what the
model computes with it.
"""

from exportgate_worker import errors, rounds
from exportgate_worker.agreement import Both

NAME = "constants"


def compare(caller, findings):
    subject = caller.subject
    for leaf in subject.case.inputs:
        if leaf.is_tensor or leaf.is_dynamic or type(leaf.constant) not in _ANOTHER:
            continue
        other = _ANOTHER[type(leaf.constant)](leaf.constant)
        both = Both(
            _with(subject, leaf.name, other), caller.program, subject.pair, rounds.RANDOM[0]
        )
        place = f"constants ({leaf.name} = {other!r})"
        if both.call.error is not None:
            continue
        if both.eager.error is not None:
            said = errors.short_reason(both.eager.error)
            findings.add(place, [f"eager raises {said}, the program returns"])
        else:
            findings.add(place, both.reasons())


_ANOTHER = {
    bool: lambda value: not value,
    int: lambda value: value + 1,
    float: lambda value: value + 1.0,
    str: lambda value: value + "_",
}


def _with(subject, name, value):
    other = subject.with_distinct_leaves()
    other.leaves = lambda pair, round_: subject.leaves(pair, round_) | {name: value}
    return other
