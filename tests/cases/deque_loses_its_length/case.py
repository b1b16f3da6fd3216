"""`unflatten` makes a deque without the length that it had."""

import collections

import layered_cache
from layered_cache import Model, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.recent = collections.deque([1, 2])


def make_inputs(cache_class, leaves):
    cache = layered_cache.filled(cache_class(), leaves)
    cache.recent = collections.deque([1, 2], maxlen=2)
    return leaves["x"], cache
