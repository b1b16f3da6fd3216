"""The model goes another way at the length of its window, so a program has a guard."""

import layered_cache
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

WINDOW = 7


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y if cache.key_cache[0].shape[2] != WINDOW else y + 0.5
