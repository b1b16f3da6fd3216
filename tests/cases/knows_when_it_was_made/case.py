"""Each cache knows the time at which it was made, which no context has."""

import time

import layered_cache
from layered_cache import Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.since = time.time()
