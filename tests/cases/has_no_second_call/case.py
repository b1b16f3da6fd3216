"""The model is right; its cache grows beyond what a relation of the case allows, at once."""

from grow import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
