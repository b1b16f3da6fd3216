"""The program has the value of a buffer, and not the buffer."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.tensor(2.0))

    def forward(self, x, cache):
        scale = 2.0 if torch.compiler.is_exporting() else self.scale
        return super().forward(x, cache) * scale
