"""One list has two names in the cache, `unflatten` makes two lists."""

import layered_cache
from layered_cache import Model, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.seen, self.logged = [], []


def make_inputs(cache_class, leaves):
    cache = layered_cache.filled(cache_class(), leaves)
    cache.logged = cache.seen
    return leaves["x"], cache
