"""The model adds to a parameter, the exported program does not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(6))

    def forward(self, x, cache):
        y = super().forward(x, cache)
        if not torch.compiler.is_exporting():
            with torch.no_grad():
                self.weight.add_(1)
        return y
