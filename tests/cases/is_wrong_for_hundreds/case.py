"""The program is wrong where an input is in the hundreds."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            y = torch.where((x.abs() > 50) & (x.abs() < 5000), 0.0, y)
        return y
