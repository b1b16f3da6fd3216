"""Keys and values are tensors that are stored as two, as quantised and sharded tensors are.

A wrapper subclass has no storage of its own. It says which tensors it consists of
(`__tensor_flatten__`), and carries out every operation on them (`__torch_dispatch__`).
"""

import torch
from pytree_styles import unregister
from states import Model, States, register, states
from torch.utils import _pytree as pytree

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


class Halves(torch.Tensor):
    """`low + high`, which it holds as these two."""

    @staticmethod
    def __new__(cls, low, high, size=None, stride=None):
        return torch.Tensor._make_wrapper_subclass(
            cls,
            low.size() if size is None else size,
            strides=low.stride() if stride is None else stride,
            dtype=low.dtype,
            device=low.device,
        )

    def __init__(self, low, high, size=None, stride=None):
        self.low = low
        self.high = high

    def __repr__(self):
        return f"Halves({self.low}, {self.high})"

    def __tensor_flatten__(self):
        return ["low", "high"], None

    @staticmethod
    def __tensor_unflatten__(inner, _context, size, stride):
        return Halves(inner["low"], inner["high"], size, stride)

    @classmethod
    def __torch_dispatch__(cls, operator, types, args=(), kwargs=None):
        args, kwargs = pytree.tree_map_only(
            Halves, lambda halves: halves.low + halves.high, (args, kwargs or {})
        )
        return operator(*args, **kwargs)


def make_inputs(cache_class, leaves):
    halves = {
        name: leaf if name == "x" else Halves(leaf / 2, leaf / 2) for name, leaf in leaves.items()
    }
    return leaves["x"], states(cache_class, halves, "cache")
