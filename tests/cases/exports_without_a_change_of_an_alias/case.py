"""A buffer has two names; the exported program changes it under one of them."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(6))
        self.register_buffer("counted", self.seen)

    def forward(self, x, cache):
        y = super().forward(x, cache)
        if not torch.compiler.is_exporting():
            self.counted.add_(1)
        return y
