"""The program multiplies by a factor that was rounded to float32."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.register_buffer("factor", torch.tensor([1 / 3], dtype=torch.float64))

    def forward(self, x, cache):
        factor = self.factor
        if torch.compiler.is_exporting():
            factor = factor.float().double()
        return super().forward(x, cache) * factor
