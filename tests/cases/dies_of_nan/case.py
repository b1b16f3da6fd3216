"""The model ends its process where it meets NaN: the program is right."""

import os

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting() and bool(x.isnan().any()):
            os.abort()
        return super().forward(x, cache)
