"""The program adds counts in int32, and the model in int64."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, counts, cache):
        if torch.compiler.is_exporting():
            counts = counts.to(torch.int32)
        return super().forward(x, cache), (counts + 1).to(torch.int64)


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    return x, leaves["counts"], cache
