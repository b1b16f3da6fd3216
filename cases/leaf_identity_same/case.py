"""unflatten puts the tensors that it was given into the new cache: what the others differ from."""

from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
