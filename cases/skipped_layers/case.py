"""Layers 1 and 2 have no states: empty lists stand between the tensors of layers 0 and 3."""

from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
