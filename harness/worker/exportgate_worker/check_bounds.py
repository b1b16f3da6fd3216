"""The check `bounds`: one step outside a declared range the program refuses, or is right anyway."""

import dataclasses
import math

import torch

from exportgate_worker import behaviour, errors
from exportgate_worker.checks import Result

ROUND = 1
MOST_BYTES = 256 << 20  # of all inputs together


def result(subject, exported):
    if subject.dims == "static":
        return Result.not_applicable("no dim is dynamic")
    if subject.dims != "named":
        return Result.not_applicable(f"dims={subject.dims} asks for no range")
    if not subject.case.dims:
        return Result.not_applicable("no dim is declared")
    if any(r.startswith(f"pair {subject.pair.name}: raises ") for r in exported.run_reasons):
        return Result.not_applicable("the program does not run at its own pair either")
    failures, notes = [], []
    for name, (low, high) in subject.case.dims.items():
        for extent in ([low - 1] if low > 0 else []) + [high + 1]:
            outside = dataclasses.replace(
                subject.pair,
                name=f"{subject.pair.name}/{name}={extent}",
                extents={**subject.pair.extents, name: extent},
            )
            needed = _bytes_at(subject.case, outside)
            if needed > MOST_BYTES:
                notes.append(f"{name} = {extent}: not tried, inputs of {needed >> 20} MiB")
                continue
            failed, said = _step(subject, exported.program, outside)
            if said:
                (failures if failed else notes).append(f"{name} = {extent}: {said}")
    return Result("fail", failures + notes) if failures else Result("pass", notes)


def _step(subject, program, outside):
    """(whether it is wrong, what is to be said of it); nothing is said of a refusal."""
    call = behaviour.Call(subject, program, outside, ROUND)
    if call.is_refused:
        return False, ""
    eager = behaviour.Call(subject, subject.model, outside, ROUND)
    if call.error is not None:
        said = f"not refused, but raises {errors.short_reason(call.error)}"
        return (False, f"{said}, eager raises too") if eager.error else (True, said)
    if eager.error is not None:
        return True, f"accepted, eager raises {errors.short_reason(eager.error)}"
    wrong = behaviour.differences(subject, call, eager)
    return (True, f"accepted, {', '.join(wrong)}") if wrong else (False, "accepted, as eager")


def _bytes_at(case, pair):
    return sum(
        math.prod(leaf.shape_at(pair)) * getattr(torch, leaf.dtype).itemsize
        for leaf in case.inputs
        if not leaf.is_none
    )
