"""The model adds the mean of what earlier calls saw, and the program does not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            return y
        y = y + sum(self.seen)
        self.seen.append(float(x.mean()))
        return y
