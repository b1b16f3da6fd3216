"""Outputs of a model, flat, and whether two of them are equal."""

import torch

from exportgate_worker import judge
from exportgate_worker.errors import NotRegistered

# (relative, absolute): a number of Python may come from a tensor of another dtype.
OF_NUMBERS = (1e-7, 1e-7)
# What a model may return besides tensors. pytree takes None for a leaf.
NUMBERS_AND_MORE = (bool, int, float, complex, str, type(None))


def flat_outputs(output):
    """The tensors of a model's (or a C++ reference's) output, and what else is a leaf of it."""
    leaves = judge.tree_leaves(output)
    for leaf in leaves:
        if not isinstance(leaf, (torch.Tensor, *NUMBERS_AND_MORE)):
            kind = type(leaf).__qualname__
            raise NotRegistered(
                f"the output holds a {kind}, not only tensors, numbers and strings: is the class "
                "registered?"
            )
    return leaves


def dtype_name(tensor):
    """As case.toml spells it: "float32"."""
    return str(tensor.dtype).replace("torch.", "")


def described(leaf):
    """ "float32[3, 2]" of a tensor, the value of what else an output may be."""
    if isinstance(leaf, torch.Tensor):
        return f"{dtype_name(leaf)}{list(leaf.shape)}"
    return repr(leaf)


def equal(some, others, tolerance=None, by_dtype=None):
    """Equal within `tolerance` (relative, absolute), or that of `by_dtype`; by default judge's.

    Integers and bools are compared exactly, numbers and strings by type and value.
    """
    if len(some) != len(others):
        return False
    return all(
        leaves_are_equal(one, other, tolerance or _of_dtype(other, by_dtype))
        for one, other in zip(some, others)
    )


def _of_dtype(leaf, by_dtype):
    return by_dtype.get(leaf.dtype) if by_dtype and isinstance(leaf, torch.Tensor) else None


def leaves_are_equal(one, other, tolerance=None):
    if isinstance(one, torch.Tensor) or isinstance(other, torch.Tensor):
        return judge.are_close(one, other, tolerance)
    if type(one) is not type(other):
        return False
    if isinstance(one, (float, complex)):
        return judge.are_close(_as_tensor(one), _as_tensor(other), tolerance or OF_NUMBERS)
    return one == other


def _as_tensor(number):
    wide = torch.complex128 if isinstance(number, complex) else torch.float64
    return torch.tensor(number, dtype=wide)


def changed(leaves, before):
    """Names of the leaves whose values are not what they were."""
    return [
        name
        for name, leaf in leaves.items()
        if isinstance(leaf, torch.Tensor) and not judge.are_same(leaf, before[name])
    ]


def copies(leaves):
    """Of the tensors; what else a leaf is cannot change."""
    return {
        name: judge.copied(leaf) if isinstance(leaf, torch.Tensor) else leaf
        for name, leaf in leaves.items()
    }
