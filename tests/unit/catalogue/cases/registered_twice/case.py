"""The class is in the registry already when `register` registers it."""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    layered_cache.register(cache_class)
    layered_cache.register(cache_class)
