"""Outputs of a model, flat, and whether two of them are equal."""

import torch
from torch.utils import _pytree as pytree

from exportgate_worker.errors import CaseError


def flat_outputs(output):
    """The tensors of a model's (or a C++ reference's) output."""
    leaves = pytree.tree_leaves(output)
    for leaf in leaves:
        if not isinstance(leaf, torch.Tensor):
            raise CaseError(f"the output holds a {type(leaf).__qualname__}, not only tensors")
    return leaves


def dtype_name(tensor):
    """As case.toml spells it: "float32"."""
    return str(tensor.dtype).replace("torch.", "")


def equal(some, others, tolerance=None):
    """Equal within `tolerance` (relative, absolute); by default torch.testing's of the dtype, where
    integers and bools are compared exactly."""
    if len(some) != len(others):
        return False
    rtol, atol = tolerance or (None, None)
    try:
        for one, other in zip(some, others):
            torch.testing.assert_close(one, other, rtol=rtol, atol=atol, equal_nan=True)
    except AssertionError:
        return False
    return True


def changed(leaves, before):
    """Names of the leaves whose values are not what they were."""
    return [
        name
        for name, leaf in leaves.items()
        if isinstance(leaf, torch.Tensor) and not _unchanged(leaf, before[name])
    ]


def _unchanged(leaf, before):
    if leaf.shape != before.shape:
        return False
    if torch.equal(leaf, before):
        return True
    # NaN is not equal to itself, and a case may well put one into a mask.
    return torch.allclose(leaf, before, rtol=0, atol=0, equal_nan=True)


def copies(leaves):
    """Of the tensors; what else a leaf is cannot change."""
    return {
        name: leaf.clone() if isinstance(leaf, torch.Tensor) else leaf
        for name, leaf in leaves.items()
    }
