"""Each cache has a number and a time of its own, which no context has."""

import itertools
import time

import layered_cache
from layered_cache import Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

CACHES = itertools.count()


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.number = next(CACHES)
        self.since = time.time()
