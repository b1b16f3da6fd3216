"""The model adds to the keys in place, and no such thing is declared."""

import layered_cache
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        cache.key_cache[0].add_(1)
        return super().forward(x, cache)
