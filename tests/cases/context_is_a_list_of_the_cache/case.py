"""The context is a list that the cache goes on filling."""

import layered_cache
import torch
from layered_cache import make_inputs, register_for_fx, register_for_pytree, unregister
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.calls = []


class Model(torch.nn.Module):
    def forward(self, x, cache):
        cache.calls.append("forward")
        return layered_cache.Model.forward(self, x, cache)


def flatten(cache):
    return [cache.key_cache, cache.value_cache], cache.calls


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(MappingKey(k), c) for k, c in zip(("key_cache", "value_cache"), children)], context


def register(cache_class):
    def unflatten(children, context):
        cache = cache_class()
        cache.key_cache, cache.value_cache = children
        cache.calls = context
        return cache

    register_for_pytree(
        cache_class,
        flatten_fn=flatten,
        flatten_with_keys_fn=flatten_with_keys,
        unflatten_fn=unflatten,
    )
    register_for_fx(cache_class)
