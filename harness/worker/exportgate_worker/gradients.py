"""Gradients of a program's inputs and parameters, compared with those of the model.

Of floating inputs that eager does not write in place, from random cotangents.
"""

import copy

import torch

from exportgate_worker import differences, errors, state, tensor_marks
from exportgate_worker.behaviour import Call
from exportgate_worker.differences import compared

LARGE = 1000  # a gradient may be clipped


def compare(subject, program, round_, written, known=()):
    """(reasons, notes). `written`: names of the inputs that eager writes in place; `known`: reasons
    of the check run."""
    kept = state.of(program)
    try:
        return _compare(subject, program, round_, written, known)
    finally:
        kept.restore()


def _compare(subject, program, round_, written, known):
    # The state stays as the calls leave it: autograd refuses tensors that were written since.
    asking = _asking_for_gradients(subject, written)
    eager = Call(asking, subject.fresh_model(), subject.pair, round_, keeps_state=True)
    try:
        expected = _gradients(eager, eager)
    except Exception as error:
        return [], [f"gradients: not tried: eager raises {errors.short_reason(error)}"]
    call = Call(asking, program, subject.pair, round_, keeps_state=True)
    if call.error is not None:
        return [f"with gradients: raises {errors.short_reason(call.error)}"], []
    of_marks = differences.of_marks(call, eager)
    if [one for one in compared(asking, call, eager).reasons if one not in of_marks]:
        return [], []  # other values have other gradients; the check run says so
    of_marks += _hooks_of_outputs(call, eager)
    of_marks = [one for one in of_marks if f"pair {subject.pair.name}: {one}" not in known]
    if of_marks:
        return of_marks, []
    reasons = [
        f"output {i}: requires no grad, eager does"
        for i, (one, other) in enumerate(zip(call.tensors_returned, eager.tensors_returned))
        if _requires_grad(other) and not _requires_grad(one)
    ]
    if reasons:
        return reasons, []
    try:
        found = _gradients(call, eager)
    except Exception as error:
        return [f"backward raises {errors.short_reason(error)}"], []
    reasons = _differences(subject, found, expected)
    if reasons:
        again = _gradients(eager.again(), eager)
        varying = _differences(subject, again, expected)
        notes = [f"not deterministic: {reason}" for reason in varying]
        return [one for one in reasons if one not in varying], notes
    return [], []


def _hooks_of_outputs(call, eager):
    found = []
    for i, outputs in enumerate(zip(call.tensors_returned, eager.tensors_returned)):
        mine, eagers = (_marks(one).get("hooks", 0) for one in outputs)
        if mine != eagers:
            found.append(f"output {i}: {mine} hooks of autograd, eager {eagers}")
    return found


def _marks(output):
    return tensor_marks.of(output) if isinstance(output, torch.Tensor) else {}


def _asking_for_gradients(subject, written):
    """`subject`, but its floating leaves require gradients."""
    asking = copy.copy(subject)

    def leaves(pair, round_):
        found = subject.leaves(pair, round_)
        for name, leaf in found.items():
            if isinstance(leaf, torch.Tensor) and name not in written:
                floating = leaf.dtype.is_floating_point or leaf.dtype.is_complex
                found[name] = leaf.detach().requires_grad_(floating)
        return found

    asking.leaves = leaves
    return asking


def _gradients(call, eager):
    """Names of one tensor -> gradients or Nones, from random cotangents and from large ones: of
    inputs, of parameters ("parameter weight")."""
    if call.error is not None:
        raise call.error
    positions = [i for i, one in enumerate(eager.tensors_returned) if _requires_grad(one)]
    outputs = [call.tensors_returned[i] for i in positions]
    if not outputs:
        return {}
    generator = torch.Generator().manual_seed(0)
    cotangents = [
        torch.randn(one.shape, generator=generator).to(one.dtype).to(one.device) for one in outputs
    ]
    names, tensors = {}, {}
    for name, tensor in {**call.leaves, **call.state_tensors}.items():
        if _requires_grad(tensor):
            names.setdefault(id(tensor), []).append(name)
            tensors[id(tensor)] = tensor
    usual, large = (
        torch.autograd.grad(
            outputs,
            list(tensors.values()),
            [scale * one for one in cotangents],
            retain_graph=scale == 1,
            allow_unused=True,
        )
        for scale in (1, LARGE)
    )
    return dict(zip(map(tuple, names.values()), zip(usual, large)))


def _requires_grad(tensor):
    return isinstance(tensor, torch.Tensor) and tensor.requires_grad


def _differences(subject, found, expected):
    reasons = []
    for names, (gradient, large) in expected.items():
        name = names[0]
        # A program may know a parameter of two names by one of them.
        own = next((found[one] for one in found if set(one) & set(names)), (None, None))
        own, own_large = own
        if (own is None) != (gradient is None):
            words = ("no gradient", "has one") if own is None else ("a gradient", "has none")
            reasons.append(f"{name}: {words[0]}, eager {words[1]}")
        elif own is not None and not _are_close(subject, own, gradient):
            reasons.append(f"{name}: another gradient than eager")
        elif own is not None and not _are_close(subject, own_large, large):
            reasons.append(f"{name}: another gradient than eager, from large ones")
    return reasons


def _are_close(subject, one, other):
    """Sums of many terms: the tolerance is one of the largest gradient."""
    if one.dtype.is_floating_point and one.dtype.itemsize == 1:  # torch cannot calculate with them
        one, other = one.float(), other.float()
    largest = other.detach().abs().max().item() if other.numel() else 0.0
    scale = largest if 1.0 < largest < float("inf") else 1.0
    return subject.are_equal([one / scale], [other / scale])
