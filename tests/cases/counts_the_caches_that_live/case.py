"""A module and a class know the caches that live, and each cache has a finalizer. They die whenever
they like: nothing is wrong with it."""

import weakref

import layered_cache
from layered_cache import Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

ALIVE = weakref.WeakSet()
BY_NUMBER = weakref.WeakValueDictionary()


class LayeredCache(layered_cache.LayeredCache):
    living = weakref.WeakSet()

    def __init__(self):
        super().__init__()
        ALIVE.add(self)
        self.living.add(self)
        BY_NUMBER[id(self)] = self
        weakref.finalize(self, str)
