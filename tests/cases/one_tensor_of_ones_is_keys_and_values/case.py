"""One tensor of ones is the keys and the values of a new cache."""

from layered_cache import LayeredCache, Model, filled, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    return leaves["x"], filled(
        cache_class(), {name: leaves["cache.key_cache[0]"] for name in leaves}
    )
