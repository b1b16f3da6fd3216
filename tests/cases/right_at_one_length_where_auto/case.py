"""The program is right at the length that it was exported with, and accepts others."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if not torch.compiler.is_exporting():
            return y
        length = torch.full((), cache.key_cache[0].shape[2])
        return y + (length != 5) * (length != 11)
