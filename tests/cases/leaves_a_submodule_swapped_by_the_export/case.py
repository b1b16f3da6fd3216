"""The export swaps a submodule of the model for one without its bounds."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.bounds = torch.nn.Hardtanh(-1e3, 1e3)

    def forward(self, x, cache):
        y = super().forward(x, cache)
        y = self.bounds(y)
        if torch.compiler.is_exporting():
            self.bounds = torch.nn.Identity()
        return y
