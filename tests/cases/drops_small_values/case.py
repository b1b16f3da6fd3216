"""The second output is below the absolute tolerance, and zero in the program."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        factor = 0.0 if torch.compiler.is_exporting() else 1e-6
        return super().forward(x, cache), cache.key_cache[0] * factor
