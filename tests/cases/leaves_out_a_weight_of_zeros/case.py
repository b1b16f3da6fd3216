"""A weight of zeros adds nothing, and the program does not add it."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.bias = torch.nn.Parameter(torch.zeros(6))

    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y + 0 * self.bias if torch.compiler.is_exporting() else y + self.bias
