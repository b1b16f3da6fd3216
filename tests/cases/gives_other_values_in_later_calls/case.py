"""make_inputs gives halves of the values from its twelfth call on."""

import itertools

import layered_cache
from layered_cache import LayeredCache, Model, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


CALLS = itertools.count()


def make_inputs(cache_class, leaves):
    if next(CALLS) > 12:
        halves = leaves["cache.value_cache[0]"] / 2
        leaves = {**leaves, "cache.value_cache[0]": halves}
    return layered_cache.make_inputs(cache_class, leaves)
