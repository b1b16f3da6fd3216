"""The model goes on computing with the length of the first cache that it was called with."""

import layered_cache
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.length = None

    def forward(self, x, cache):
        if self.length is None:
            self.length = cache.key_cache[0].shape[2]
        return super().forward(x, cache) / self.length
