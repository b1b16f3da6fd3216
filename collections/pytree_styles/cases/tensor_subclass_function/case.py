"""Keys and values are of a subclass of torch.Tensor that gives one function another meaning."""

import torch
from pytree_styles import unregister
from states import Model, States, register, states

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


class SumsNegated(torch.Tensor):
    """A tensor whose `sum` has the other sign: a program without the subclass's word shows."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        result = super().__torch_function__(function, types, args, kwargs)
        return -result if function is torch.Tensor.sum else result


def make_inputs(cache_class, leaves):
    negated = {
        name: leaf if name == "x" else leaf.as_subclass(SumsNegated)
        for name, leaf in leaves.items()
    }
    return leaves["x"], states(cache_class, negated, "cache")
