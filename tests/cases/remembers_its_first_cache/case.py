"""The model goes on computing with the mean of the first cache that it was called with."""

import layered_cache
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.first = None

    def forward(self, x, cache):
        if self.first is None:
            self.first = cache.key_cache[0].mean()
        return super().forward(x, cache) + self.first
