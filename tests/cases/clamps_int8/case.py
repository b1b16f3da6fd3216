"""The program clamps int8, which holds what was quantized."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        keys, values = cache.key_cache[0], cache.value_cache[0]
        if torch.compiler.is_exporting():
            keys = keys.clamp(-1, 99)
        return 3 * x + (keys.to(values.dtype) - 2 * values).sum(2, keepdim=True)
