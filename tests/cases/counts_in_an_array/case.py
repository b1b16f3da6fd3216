"""The model counts its calls in an array of bytes."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

CALLS = bytearray()


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            CALLS.append(1)
        return super().forward(x, cache)
