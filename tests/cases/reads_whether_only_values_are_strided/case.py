"""Eager adds one where keys are contiguous and values are not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        keys, values = cache.key_cache[0], cache.value_cache[0]
        only_values = keys.is_contiguous() and not values.is_contiguous()
        return y + 1 if only_values and not torch.compiler.is_exporting() else y
