"""The model leaves tensors printed with two digits."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            torch.set_printoptions(precision=2)
        return super().forward(x, cache)
