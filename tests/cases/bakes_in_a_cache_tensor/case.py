"""The model computes with the keys of the example for ever, eagerly too."""

import layered_cache
from layered_cache import LayeredCache, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


first = []


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache) + first[0].mean()


def make_inputs(cache_class, leaves):
    first.append(leaves["cache.key_cache[0]"])
    return layered_cache.make_inputs(cache_class, leaves)
