"""The model draws a number that it does not use, from a generator of its module."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

GENERATOR = torch.Generator().manual_seed(3)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            torch.rand(1, generator=GENERATOR)
        return super().forward(x, cache)
