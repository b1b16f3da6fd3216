"""The program has the gradient of the model at small batches only."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            return y + (y.detach() - y) * (x.shape[0] // 4)
        return y
