"""The model returns a cache with a property that is kept elsewhere, and the program loses it."""

import weakref

import layered_cache
import torch
from layered_cache import make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def properties_of(getter):
    kept = weakref.WeakKeyDictionary()
    return property(lambda self: kept.get(self, 0), lambda self, seen: kept.update({self: seen}))


class LayeredCache(layered_cache.LayeredCache):
    seen = properties_of("seen")


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            cache.seen = 5
        return super().forward(x, cache), cache
