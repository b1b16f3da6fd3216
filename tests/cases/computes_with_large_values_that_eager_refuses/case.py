"""The model refuses values beyond 1000, and the program computes with them."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting() and (cache.value_cache[0] > 1000).any():
            raise ValueError("not a value of a cache")
        return super().forward(x, cache)
