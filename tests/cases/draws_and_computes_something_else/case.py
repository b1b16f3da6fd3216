"""The model draws random numbers, and the program computes something else besides."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache) + torch.rand_like(x)
        return 2 * y if torch.compiler.is_exporting() else y
