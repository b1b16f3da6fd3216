"""Eager reads how long a preallocated cache is from strides, the program takes the length."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        keys = cache.key_cache[0]
        capacity = keys.shape[2]
        if (
            not torch.compiler.is_exporting()
            and keys.shape[2] > 0
            and keys.stride(3) == 1
            and keys.stride(2) == keys.shape[3]
            and keys.stride(1) > keys.shape[2] * keys.shape[3]
        ):
            capacity = keys.stride(1) // keys.shape[3]
        return y + torch.full((), capacity)
