"""The program is wrong where batch and length are equal."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if not torch.compiler.is_exporting():
            return y
        batch, length = (torch.full((), cache.key_cache[0].shape[dim]) for dim in (0, 2))
        return y + (batch == length)
