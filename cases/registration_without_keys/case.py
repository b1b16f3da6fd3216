"""Registered without flatten_with_keys_fn, which torch.export needs to name the leaves."""

from layered_cache import (
    LayeredCache,
    Model,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unregister,
)

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    register_for_pytree(cache_class, flatten_with_keys_fn=None)
    register_for_fx(cache_class)
