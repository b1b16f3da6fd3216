"""What is true of a program's outputs besides their values: strides, shared memory, gradients.

Everything is compared with eager, output by output, and said in words.
"""

import itertools
import operator

import torch

from exportgate_worker import judge
from exportgate_worker.snapshot_differences import EAGER_AND_PROGRAM, IS_SHARED, Comparison


def differences(call, eager):
    """Reasons; both calls returned the same number of outputs."""
    outputs = list(zip(call.tensors_returned, eager.tensors_returned))
    found = []
    for i, (one, other) in enumerate(outputs):
        if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
            found += [f"output {i}: {reason}" for reason in _of_output(one, other)]
    return found + _of_objects(call, eager) + _of_identity_and_memory(call, eager)


def _of_objects(call, eager):
    """What is one object at two places of what eager returns, and two in the program."""
    compared = Comparison(
        EAGER_AND_PROGRAM,
        are_equal=lambda one, other: True,
        leaves_are_compared=False,
        identity_counts=True,
    )
    reasons = compared.of("output", eager.returned, call.returned)
    return [one for one in reasons if IS_SHARED in one]


def shared_with_the_next_call(call, next_call):
    """Positions of the outputs that lie where they lie in the next call."""
    pairs = zip(call.tensors_returned, next_call.tensors_returned)
    return {i for i, (one, other) in enumerate(pairs) if _share_memory(one, other)}


# What an operator on the output may ask for.
_MARKS = (
    ("is_conj()", torch.Tensor.is_conj),
    ("is_neg()", torch.Tensor.is_neg),
    ("is_inference()", torch.Tensor.is_inference),
    ("is_coalesced()", lambda one: one.layout == torch.sparse_coo and one.is_coalesced()),
)


def _of_output(one, other):
    found = []
    if type(one) is not type(other):
        found.append(f"a {type(one).__qualname__}, eager a {type(other).__qualname__}")
    if _strides_differ(one, other):
        found.append(f"strides {list(one.stride())}, eager {list(other.stride())}")
    if one.requires_grad != other.requires_grad:
        words = ("requires grad", "does not") if one.requires_grad else ("requires no grad", "does")
        found.append(f"{words[0]}, eager {words[1]}")
    for name, read in _MARKS:
        mine, eagers = read(one), read(other)
        if mine != eagers:
            found.append(f"{name} is {mine}, eager {eagers}")
    if judge.are_close(one, other) and judge.signs_of_zero_differ(one, other):
        found.append("zeros of another sign than eager")
    return found


def _strides_differ(one, other):
    """A stride along an extent of 1 means nothing, and so does any of an empty tensor."""
    if one.layout != torch.strided or other.layout != torch.strided:
        return False
    if one.shape != other.shape or one.numel() == 0:
        return False
    strides = zip(one.shape, one.stride(), other.stride())
    return any(extent > 1 and mine != eagers for extent, mine, eagers in strides)


def _of_identity_and_memory(call, eager):
    found = []
    number = min(len(call.tensors_returned), len(eager.tensors_returned))
    for i, j in itertools.combinations(range(number), 2):
        sharing = [
            _share_memory(side.tensors_returned[i], side.tensors_returned[j])
            for side in (call, eager)
        ]
        found += _said(f"outputs {i} and {j}: share memory", *sharing)
    for i in range(number):
        for name in eager.leaves:
            found += _with_input(i, name, call, eager)
        for name in eager.state_tensors:
            sharing = [
                _share_memory(side.tensors_returned[i], side.state_tensors.get(name))
                for side in (call, eager)
            ]
            found += _said(f"output {i} and the {name}: share memory", *sharing)
    return found


def _with_input(i, name, call, eager):
    outputs = [side.tensors_returned[i] for side in (call, eager)]
    inputs = [side.leaves[name] for side in (call, eager)]
    if not isinstance(inputs[1], torch.Tensor):
        return []
    memory = _said(f"output {i} and {name}: share memory", *map(_share_memory, outputs, inputs))
    identity = map(operator.is_, outputs, inputs)
    return memory or _said(f"output {i}: is {name} itself", *identity)


def _said(what, in_program, in_eager):
    if in_program == in_eager:
        return []
    return [f"{what} in {'eager' if in_eager else 'the program'} only"]


def _share_memory(one, other):
    """Whether the memory of both overlaps. Parts of one storage that lie apart share nothing."""
    mine, others = _span(one), _span(other)
    if mine is None or others is None:
        return False
    return mine[0] < others[1] and others[0] < mine[1]


def _span(tensor):
    if not isinstance(tensor, torch.Tensor) or tensor.layout != torch.strided:
        return None
    try:
        first = tensor.data_ptr()
    except Exception:  # a subclass, or a tensor without memory
        return None
    if tensor.numel() == 0 or first == 0:
        return None
    last = sum((extent - 1) * stride for extent, stride in zip(tensor.shape, tensor.stride()))
    return first, first + (last + 1) * tensor.element_size()
