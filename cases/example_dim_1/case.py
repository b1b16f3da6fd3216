"""Exported with a batch of 1, as one does who has one sentence at hand."""

from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
