"""No layer at all: the class has two empty lists, and pytree no leaf of it."""

from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
