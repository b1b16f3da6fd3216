"""The scale of a cache is a property, kept elsewhere, and unflatten loses it."""

import weakref

import layered_cache
from layered_cache import Model, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


SCALES = weakref.WeakKeyDictionary()


class LayeredCache(layered_cache.LayeredCache):
    @property
    def scale(self):
        return SCALES.get(self, 1.0)


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    SCALES[cache] = 0.5
    return x, cache
