"""Eager adds one where the heads of the keys lie behind the steps in memory."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        keys = cache.key_cache[0]
        is_of_a_view = keys.transpose(1, 2).is_contiguous() and not keys.is_contiguous()
        return y + 1 if is_of_a_view and not torch.compiler.is_exporting() else y
