"""The program has the value of a parameter without gradient, and not the parameter."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((1,), 2.0), requires_grad=False)

    def forward(self, x, cache):
        weight = torch.full((1,), 2.0) if torch.compiler.is_exporting() else self.weight
        return super().forward(x, cache) * weight
