"""A NamedTuple of two tensors and a model that takes it."""

import typing

import torch
from pytree_styles import mix


class KeysAndValues(typing.NamedTuple):
    keys: torch.Tensor
    values: torch.Tensor


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return mix(x, cache.keys, cache.values)


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.keys"], leaves["cache.values"])
