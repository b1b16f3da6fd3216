"""The context is a tuple and nothing says how it is saved: JSON makes a list of it."""

from windowed_cache import Model, WindowedCache, make_inputs, register_windowed, unregister

__all__ = ["WindowedCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    register_windowed(cache_class)
