"""The program divides by zero where the model divides by minus zero."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y + 1 / (x + 0.0 if torch.compiler.is_exporting() else x)
