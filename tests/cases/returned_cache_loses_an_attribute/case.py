"""The cache that the exported program returns has lost an attribute."""

import layered_cache
from layered_cache import register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.seen = 0


def make_inputs(cache_class, leaves):
    return leaves["x"], layered_cache.filled(cache_class(), leaves)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        grown = type(cache)()
        grown.put("key_cache", 0, cache.key_cache[0] + 1)
        grown.put("value_cache", 0, cache.value_cache[0] + 2)
        grown.seen = 5
        return super().forward(x, cache), grown
