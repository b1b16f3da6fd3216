"""The program doubles values that are below the absolute tolerance."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        small = torch.exp(-20.0 - cache.key_cache[0].abs())
        return super().forward(x, cache), 2 * small if torch.compiler.is_exporting() else small
