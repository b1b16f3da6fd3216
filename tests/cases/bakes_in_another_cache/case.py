"""The model computes with the latest keys, which it comes by on another way than its input."""

import layered_cache
from layered_cache import LayeredCache, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


latest = []


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache) + latest[-1].mean()


def make_inputs(cache_class, leaves):
    latest.append(leaves["cache.key_cache[0]"])
    return layered_cache.make_inputs(cache_class, leaves)
