"""Exported with a cache of length 0, as it is before the first token."""

from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
