"""The cache has a number that flatten gives neither as a child nor in the context."""

import layered_cache
from layered_cache import register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.scale = 1.0


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return cache.scale * super().forward(x, cache)


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    cache.scale = 0.5
    return x, cache
