"""A parameter of the model is a constant of the exported program."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((6,), 0.5))

    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y * (torch.full((6,), 0.5) if torch.compiler.is_exporting() else self.weight)
