"""flatten_with_keys gives the children in another order than flatten, each by its name."""

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
    named = [(MappingKey(key), child) for key, child in zip(context, children)]
    return named[::-1], context


def register(cache_class):
    register_for_pytree(cache_class, flatten_with_keys_fn=flatten_with_keys)
    register_for_fx(cache_class)
