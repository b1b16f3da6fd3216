"""How long the cache is decides, by way of min(): lengths from 16 on go the other way."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        length = cache.key_cache[0].shape[2]
        return y if torch.sym_min(16, length) == length else y + 0.5
