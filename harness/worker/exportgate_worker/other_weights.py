"""The program and the model with other parameters and buffers than those of the export.

Whoever loads other weights into a program expects it to compute with them. A value that was read at
the export and became a constant shows.
"""

import torch

from exportgate_worker import rounds, state
from exportgate_worker.agreement import complaint
from exportgate_worker.behaviour import Call

PLACE = "with other parameters and buffers"


def compare(caller, findings):
    subject, program = caller.subject, caller.program
    kept = state.of(program, False)
    model = subject.fresh_model()
    try:
        changed = _change(model, program)
        if changed:
            findings.add(PLACE, _reasons(subject, program, model))
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
    if subject.are_equal(of_program.outputs, eager.outputs):
        return []
    again = call(model)  # a fresh model would have the weights of the export
    if again.error is not None or not subject.are_equal(again.outputs, eager.outputs):
        return []
    return ["differs from eager"]


def _change(model, program):
    """Floating tensors become larger by up to a quarter, which keeps their signs and zeros."""
    of_program = state.of(program, False).tensors
    generator = torch.Generator().manual_seed(0)
    met = set()
    for name, (tensor, values) in state.of(model, False).tensors.items():
        if id(tensor) in met or not tensor.dtype.is_floating_point or values is tensor:
            continue
        met.add(id(tensor))
        factors = 1 + torch.rand(tensor.shape, generator=generator) / 4
        other = values * factors.to(values.dtype)
        own = of_program.get(name, (None, None))[0]
        with torch.no_grad():
            tensor.copy_(other)
            if own is not None and own is not tensor:
                own.copy_(other)
    return bool(met)
