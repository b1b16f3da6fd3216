"""The model adds to a deque that the cache holds, and to a set."""

import collections

import layered_cache
import torch
from layered_cache import register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.recent = collections.deque(maxlen=4)
        self.known = {0}


def make_inputs(cache_class, leaves):
    return leaves["x"], layered_cache.filled(cache_class(), leaves)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            cache.recent.append(7)
            cache.known.add(7)
        return super().forward(x, cache)
