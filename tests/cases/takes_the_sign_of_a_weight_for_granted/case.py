"""A weight was positive, and the program has its absolute value."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.slope = torch.nn.Parameter(torch.tensor(0.5))

    def forward(self, x, cache):
        slope = self.slope.abs() if torch.compiler.is_exporting() else self.slope
        return super().forward(x, cache) * slope
