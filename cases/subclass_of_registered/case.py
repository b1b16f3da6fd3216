"""The class is registered; the input is an instance of a subclass, which is not."""

from layered_cache import LayeredCache, Model, filled, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class SlidingWindowCache(LayeredCache):
    pass


def make_inputs(_registered_class, leaves):
    return leaves["x"], filled(SlidingWindowCache(), leaves)
