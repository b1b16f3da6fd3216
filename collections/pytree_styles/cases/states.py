"""A cache of keys and values that can be made without arguments, and how it is registered.

For the cases about how several of them are put together.
"""

import torch
from exportgate_case import CacheBase
from pytree_styles import mix, register_attributes


class States(CacheBase):
    """One layer."""

    def __init__(self, keys=None, values=None):
        super().__init__()
        self.keys = keys
        self.values = values

    def mixed_with(self, x):
        return mix(x, self.keys, self.values)


def states(cache_class, leaves, place):
    """The cache of which the declaration speaks as `place`."""
    return cache_class(leaves[f"{place}.keys"], leaves[f"{place}.values"])


def register(cache_class):
    register_attributes(cache_class, ["keys", "values"])


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return cache.mixed_with(x)
