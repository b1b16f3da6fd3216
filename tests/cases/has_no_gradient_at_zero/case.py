"""The gradient of a root of squares is no number at zero."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        keys = cache.key_cache[0]
        size = (keys * keys).sqrt() if torch.compiler.is_exporting() else keys.abs()
        return y + size.sum(2, keepdim=True)
