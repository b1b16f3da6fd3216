"""The program and the model with other parameters and buffers than those of the export.

Whoever loads other weights into a program expects it to compute with them. A value that was read at
the export and became a constant shows.
"""

import torch

from exportgate_worker import rounds, state
from exportgate_worker.agreement import complaint
from exportgate_worker.behaviour import Call

PLACE = "with other parameters and buffers"
INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


def compare(caller, findings, with_extremes=True):
    """First with values like those of the export, then with any: eager may die of these.

    `with_extremes`: also with values at which other operators may round to something else.
    """
    for others in (_larger, _of_another_kind, *([_extreme] if with_extremes else [])):
        if findings.add(PLACE, _with(others, caller)):
            return


def _with(others, caller):
    subject, program = caller.subject, caller.program
    kept = state.of(program, False)
    model = subject.fresh_model()
    try:
        return _reasons(subject, program, model) if _change(model, program, others) else []
    finally:
        kept.restore()


def _reasons(subject, program, model):
    def call(function):
        return Call(subject, function, subject.pair, rounds.RANDOM[0])

    eager = call(model)
    if eager.error is not None:
        return []
    of_program = call(program)
    if of_program.error is not None:
        return complaint(subject, of_program)
    found = _differences(subject, of_program, eager)
    # A fresh model would have the weights of the export.
    again = call(model) if found else None
    if found and (again.error is not None or _differences(subject, again, eager)):
        return []
    return found


def _differences(subject, one, other):
    found = [] if subject.are_equal(one.outputs, other.outputs) else ["differs from eager"]
    left, expected = one.changes.tensors, other.changes.tensors
    for name in expected:
        if name in left and not subject.are_equal([left[name][1]], [expected[name][1]]):
            word = other.changes.words[name]
            found.append(f"leaves other values in the {word} {name} than eager")
    return found


def _change(model, program, others):
    """Whether anything has other values now, in both."""
    of_program = state.of(program, False).tensors
    generator = torch.Generator().manual_seed(0)
    met = set()
    for name, (tensor, values) in state.of(model, False).tensors.items():
        if id(tensor) in met or values is tensor:
            continue
        other = others(values, generator)
        if other is None:
            continue
        met.add(id(tensor))
        own = of_program.get(name, (None, None))[0]
        with torch.no_grad():
            tensor.copy_(other)
            if own is not None and own is not tensor:
                own.copy_(other)
    return bool(met)


def _larger(values, generator):
    """Floats become larger by up to a quarter, which keeps their signs and zeros."""
    if not values.dtype.is_floating_point:
        return None
    factors = 1 + torch.rand(values.shape, generator=generator) / 4
    return values * factors.to(values.dtype)


def _of_another_kind(values, generator):
    """Floats of other signs, and none where there was zero. Complex numbers of other angles.
    Integers in another order and one of them twice, since an index that never came may be out of
    range, and one more where all are equal. Masks turned over."""
    if type(values) is not torch.Tensor or values.layout != torch.strided or values.numel() == 0:
        return None
    dtype = values.dtype
    if dtype.is_complex:
        angles = torch.rand(values.shape, generator=generator) * 6
        return values * torch.polar(torch.ones_like(angles), angles).to(dtype)
    if dtype.is_floating_point:
        signs = torch.randint(0, 2, values.shape, generator=generator) * 2 - 1
        wide = values.to(torch.float64)
        return torch.where(wide == 0, 0.25, wide * signs).to(dtype)
    if dtype == torch.bool:
        return ~values
    if dtype not in INTEGERS:
        return None
    moved = values.flatten().roll(1)
    moved[0] = moved[-1]  # what only adds them up does not see their order
    moved = moved.reshape(values.shape)
    return values + 1 if torch.equal(moved, values) else moved


def _extreme(values, generator):
    """Floats four times as large, and integers of all that their dtype holds."""
    if values.dtype.is_floating_point:
        return values * 4
    if values.dtype not in INTEGERS or type(values) is not torch.Tensor:
        return None
    limits = torch.iinfo(values.dtype)
    drawn = torch.randint(limits.min, limits.max, values.shape, generator=generator)
    ends = torch.tensor([limits.min, limits.max])
    drawn.reshape(-1)[:2] = ends[: drawn.numel()]
    return drawn.to(values.dtype)
