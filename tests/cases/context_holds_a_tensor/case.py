"""The context holds a tensor, whose comparison is no bool."""

import torch
from layered_cache import (
    LayeredCache,
    Model,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unregister,
)
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def flatten(cache):
    return [cache.key_cache, cache.value_cache], ["key_cache", "value_cache", torch.ones(2)]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(MappingKey(key), child) for key, child in zip(context, children)], context


def register(cache_class):
    register_for_pytree(cache_class, flatten_fn=flatten, flatten_with_keys_fn=flatten_with_keys)
    register_for_fx(cache_class)
