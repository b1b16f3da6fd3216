"""`unflatten` makes a number zero that was minus zero."""

import layered_cache
from layered_cache import Model, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.bias = 0.0


def make_inputs(cache_class, leaves):
    cache = layered_cache.filled(cache_class(), leaves)
    cache.bias = -0.0
    return leaves["x"], cache
