"""The model adds one from its eighth call on, and the program never does."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            return y
        self.calls += 1
        return y + 1 if self.calls >= 8 else y
