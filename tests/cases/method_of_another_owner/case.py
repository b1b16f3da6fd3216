"""unflatten gives the cache a method of an object with another scale."""

import layered_cache
from layered_cache import LayeredCache, Model, unflatten_into, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Scale:
    def __init__(self, by):
        self.by = by

    def apply(self, states):
        return states * self.by


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    cache.apply = Scale(2.0).apply
    return x, cache


def register(cache_class):
    def unflatten(children, context):
        cache = unflatten_into(cache_class, children, context)
        cache.apply = Scale(1.0).apply
        return cache

    layered_cache.register_for_pytree(cache_class, unflatten_fn=unflatten)
    layered_cache.register_for_fx(cache_class)
