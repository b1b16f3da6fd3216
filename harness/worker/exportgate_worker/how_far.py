"""How far apart the outputs and inputs of two calls are, in words: the check `steps` says it."""

import torch

from exportgate_worker import judge

OUTPUTS = "differs from eager"  # as differences.py says it


def with_distances(subject, reasons, call, eager):
    """(reason, the same with the names and distances of what differs), of each of `reasons`.

    `reasons` are those of differences.compared(), of the call of a program and that of eager.
    """
    found = []
    for reason in reasons:
        if reason == OUTPUTS:
            found += [(reason, words) for words in _of_outputs(subject, call, eager)]
        else:
            found.append((reason, reason + _of_input(reason, call, eager)))
    return found


def _of_outputs(subject, call, eager):
    names = [leaf.name for leaf in subject.case.outputs]
    if not len(call.outputs) == len(eager.outputs) == len(names):
        return [OUTPUTS]
    return [
        f"{name} {OUTPUTS}{_largest_difference(one, other)}"
        for name, one, other in zip(names, call.outputs, eager.outputs)
        if not subject.are_equal([one], [other])
    ]


def _of_input(reason, call, eager):
    names = [name for name in call.leaves if reason == f"leaves other values in {name} than eager"]
    return _largest_difference(call.leaves[names[0]], eager.leaves[names[0]]) if names else ""


def _largest_difference(one, other):
    """One digit: kernels of another processor may compute the next one otherwise."""
    if not isinstance(one, torch.Tensor) or not isinstance(other, torch.Tensor):
        return ""
    if not judge.are_alike(one, other):
        return " in shape or dtype"
    return f" (largest difference {judge.largest_distance(one, other):.1g})"
