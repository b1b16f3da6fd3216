"""The model is right, and [steps] of case.toml is not: no call changes its cache."""

from grow import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
