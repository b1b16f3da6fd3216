"""No call has an element to compare."""

from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
