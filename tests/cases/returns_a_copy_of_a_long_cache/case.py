"""Of a cache longer than 64 eager returns a copy of the keys, the program the input itself."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        keys = cache.key_cache[0]
        if not torch.compiler.is_exporting() and keys.shape[2] > 64:
            keys = keys.clone()
        return super().forward(x, cache), keys
