"""The model counts in an object that the cache holds."""

import layered_cache
import torch
from layered_cache import register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Statistics:
    def __init__(self):
        self.seen = 0


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.statistics = Statistics()


def make_inputs(cache_class, leaves):
    return leaves["x"], layered_cache.filled(cache_class(), leaves)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            cache.statistics.seen += 1
        return super().forward(x, cache)
