"""Registered without a serialized_type_name, so that programs cannot be saved."""

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
    register_for_pytree(cache_class, serialized_type_name=None)
    register_for_fx(cache_class)
