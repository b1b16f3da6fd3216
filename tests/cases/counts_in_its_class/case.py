"""The model counts its calls in an attribute of its class."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    calls = 0

    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            Model.calls += 1
        return super().forward(x, cache)
