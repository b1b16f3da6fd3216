"""A frozen dataclass with a number beside its tensors, for the cases about its context."""

import dataclasses

import torch
from pytree_styles import mix, register_attributes, unregister
from torch.utils import _pytree as pytree

__all__ = ["Model", "WindowedCache", "make_inputs", "register_windowed", "unregister"]

TENSORS = ("keys", "values")


@dataclasses.dataclass(frozen=True)
class WindowedCache:
    keys: torch.Tensor
    values: torch.Tensor
    window: int = 4


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return cache.window * mix(x, cache.keys, cache.values)


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.keys"], leaves["cache.values"], window=3)


def register_windowed(cache_class, **instead):
    """The context is a tuple with the one number."""

    def flatten(cache):
        return [cache.keys, cache.values], (cache.window,)

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        return [(pytree.GetAttrKey(name), child) for name, child in zip(TENSORS, children)], context

    register_attributes(
        cache_class,
        TENSORS,
        flatten_fn=flatten,
        unflatten_fn=lambda children, context: cache_class(*children, *context),
        flatten_with_keys_fn=flatten_with_keys,
        **instead,
    )
