"""The program hides what a mask hid when it was exported."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.register_buffer("hidden", torch.tensor([True, False, True, False, False, False]))

    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            return y * torch.tensor([0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
        return y.masked_fill(self.hidden, 0.0)
