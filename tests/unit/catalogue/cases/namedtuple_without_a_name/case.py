"""pytree knows what a NamedTuple holds, and not how a saved program names the class."""

import typing

import torch

__all__ = ["KeysAndValues", "Model", "make_inputs", "register", "unregister"]


class KeysAndValues(typing.NamedTuple):
    keys: torch.Tensor
    values: torch.Tensor


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return 3 * x + (cache.keys - 2 * cache.values).sum(2, keepdim=True)


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.keys"], leaves["cache.values"])


def register(cache_class):
    pass


def unregister(cache_class):
    pass
