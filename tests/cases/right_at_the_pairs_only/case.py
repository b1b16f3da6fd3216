"""The exported program is right where the batch is 3 or 4, and accepts others."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        batch = x.shape[0]
        return y + (batch - 3) * (batch - 4) if torch.compiler.is_exporting() else y
