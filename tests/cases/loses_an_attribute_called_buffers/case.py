"""Unflatten loses an attribute that is called as the buffers of an nn.Module."""

import layered_cache
from layered_cache import filled, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Mode:
    """For both kinds: an nn.Module has an attribute `training` of its own."""

    def __init__(self):
        self._buffers = {}


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.mode = Mode()


Model = layered_cache.Model


def make_inputs(cache_class, leaves):
    cache = filled(cache_class(), leaves)
    cache.mode._buffers = {"window": 4}
    return leaves["x"], cache


register = layered_cache.register
