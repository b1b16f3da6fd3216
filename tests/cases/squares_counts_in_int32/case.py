"""The program squares counts in int32, where the largest ones have no room."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, counts, cache):
        if torch.compiler.is_exporting():
            counts = counts.to(torch.int32)
        return super().forward(x, cache), (counts * counts).to(torch.int64)


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    return x, leaves["counts"], cache
