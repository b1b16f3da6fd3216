"""flatten_with_keys calls the keys values, and the reverse."""

from layered_cache import (
    LayeredCache,
    Model,
    flatten,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unregister,
)
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(MappingKey(key), child) for key, child in zip(reversed(context), children)], context


def register(cache_class):
    register_for_pytree(cache_class, flatten_with_keys_fn=flatten_with_keys)
    register_for_fx(cache_class)
