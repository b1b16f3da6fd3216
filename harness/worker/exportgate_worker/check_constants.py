"""The check `constants`: no input of the example became part of the program, used or not.

A lifted constant, a parameter or a buffer that holds the values of a cache tensor is saved with the
program: the module kind of releases up to 2.9 does that.
"""

import torch

from exportgate_worker import judge

# Integers, bools and floats of few bits repeat by chance; that many that are equal do not.
FEWEST_EQUAL = 8
# Of these, randn gives no value twice. A bfloat16 1.0, as norms have for weights, is in any cache.
WIDE = (torch.float32, torch.float64)


def reasons_against(subject, exported):
    found = []
    for what, held in _tensors_of(exported.ep):
        for name, leaf in exported.leaves.items():
            if isinstance(leaf, torch.Tensor) and _holds(held, leaf):
                found.append(f"{name} is baked in as a {what}")
    return list(dict.fromkeys(found))


def _tensors_of(ep):
    """(kind, tensor) of all that the program carries."""
    parameters = set(ep.graph_signature.parameters)
    for name, value in ep.state_dict.items():
        yield "parameter" if name in parameters else "buffer", value
    buffers = set(ep.graph_signature.buffers)
    for name, value in ep.constants.items():
        yield "buffer" if name in buffers else "constant", value


def _holds(held, leaf):
    """Whether `held` is made of values of `leaf`: all of it, or for floats any part of it."""
    if not isinstance(held, torch.Tensor) or held.dtype != leaf.dtype:
        return False
    if held.numel() == 0 or leaf.numel() == 0:
        return False
    if held.data_ptr() == leaf.data_ptr():
        return True
    if held.dtype.is_floating_point:
        values = held.detach().double()
        if held.dtype not in WIDE and values.unique().numel() < FEWEST_EQUAL:
            return False
        return bool(judge.isin(values, leaf.detach().double()).all())
    is_telling = held.numel() >= FEWEST_EQUAL and held.shape == leaf.shape
    return is_telling and judge.are_same(held, leaf)
