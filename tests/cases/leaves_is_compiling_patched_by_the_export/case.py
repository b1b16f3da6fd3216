"""The export leaves torch.compiler.is_compiling() true for good."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def yes():
    return True


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if torch.compiler.is_exporting():
            torch.compiler.is_compiling = yes
        return super().forward(x, cache)
