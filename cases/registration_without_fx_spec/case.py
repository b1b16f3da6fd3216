"""Registered with torch.utils._pytree only, not with torch.fx._pytree."""

from layered_cache import LayeredCache, Model, make_inputs, register_for_pytree, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    register_for_pytree(cache_class)
