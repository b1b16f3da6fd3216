"""A cache in a tuple in a dict that is returned has lost what a nested object of it counts."""

import layered_cache
from layered_cache import register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Counter:
    def __init__(self):
        self.seen = 0


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.counter = Counter()


def make_inputs(cache_class, leaves):
    return leaves["x"], layered_cache.filled(cache_class(), leaves)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        grown = type(cache)()
        grown.put("key_cache", 0, cache.key_cache[0] + 1)
        grown.put("value_cache", 0, cache.value_cache[0] + 2)
        grown.counter.seen = 5
        return super().forward(x, cache), {"caches": (grown,)}
