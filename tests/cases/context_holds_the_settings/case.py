"""The context holds the settings, and the model changes them in place."""

import layered_cache
import torch
from layered_cache import make_inputs, register_for_fx, register_for_pytree, unregister
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.settings = {"window": 4}


class Model(torch.nn.Module):
    def forward(self, x, cache):
        cache.settings["window"] = cache.settings["window"] + 1
        return layered_cache.Model.forward(self, x, cache)


def flatten(cache):
    return [cache.key_cache, cache.value_cache], [cache.settings]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(MappingKey(k), c) for k, c in zip(("key_cache", "value_cache"), children)], context


def register(cache_class):
    def unflatten(children, context):
        cache = cache_class()
        cache.key_cache, cache.value_cache = children
        cache.settings = context[0]
        return cache

    register_for_pytree(
        cache_class,
        flatten_fn=flatten,
        flatten_with_keys_fn=flatten_with_keys,
        unflatten_fn=unflatten,
    )
    register_for_fx(cache_class)
