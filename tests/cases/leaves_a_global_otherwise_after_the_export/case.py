"""The export leaves a global of the case otherwise, and later calls are clamped less."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

LIMIT = [1.0]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if torch.compiler.is_exporting():
            LIMIT[0] = 2.0
        return super().forward(x, cache).clamp(max=1000 * LIMIT[0])
