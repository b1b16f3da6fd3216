"""The program reads a row of a table at a place that a buffer had."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.register_buffer("table", torch.arange(1.0, 5.0))
        self.register_buffer("place", torch.tensor([2, 0, 3]))

    def forward(self, x, cache):
        place = torch.tensor([2, 0, 3]) if torch.compiler.is_exporting() else self.place
        return super().forward(x, cache) * self.table[place].sum()
