"""The cache neither grows nor moves: a token is written over the oldest one, in place.

Where it goes is known to a tensor only, so no number of it may become part of the program.
"""

import torch
from exportgate_case import CacheBase
from storage import attended, register_attributes, unregister

__all__ = ["Model", "RingCache", "make_inputs", "register", "unregister"]


class RingCache(CacheBase):
    """`position` counts the tokens that were written so far."""

    def __init__(self, keys, values, position):
        super().__init__()
        self.keys = keys
        self.values = values
        self.position = position

    @property
    def capacity(self):
        return self.keys.shape[2]

    def write(self, keys, values):
        place = (self.position % self.capacity).unsqueeze(0)
        self.keys.index_copy_(2, place, keys)
        self.values.index_copy_(2, place, values)
        self.position.add_(1)

    def is_written(self):
        return torch.arange(self.capacity) < self.position


class Model(torch.nn.Module):
    def forward(self, x, cache):
        cache.write(x, 2 * x)
        return attended(x, cache.keys, cache.values, cache.is_written())


def make_inputs(cache_class, leaves):
    x, *states = leaves.values()
    return x, cache_class(*states)


def register(cache_class):
    register_attributes(cache_class, ["keys", "values", "position"])
