"""The first branch of torch is that of the export: torch counts modules from then on."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            return torch.cond(y.sum() > 0, lambda y: y + 1, lambda y: y - 1, (y,))
        return y + 1 if y.sum() > 0 else y - 1
