"""The context is equal to anything."""

import layered_cache
import torch
from layered_cache import filled, register_for_fx, register_for_pytree, unregister
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.scale = 1.0


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return layered_cache.Model.forward(self, x, cache) * cache.scale


def make_inputs(cache_class, leaves):
    cache = filled(cache_class(), leaves)
    cache.scale = 0.5
    return leaves["x"], cache


class Scale:
    def __init__(self, scale):
        self.scale = scale

    def __eq__(self, other):
        return True


def flatten(cache):
    return [cache.key_cache, cache.value_cache], Scale(cache.scale)


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [
        (MappingKey(key), child) for key, child in zip(("key_cache", "value_cache"), children)
    ], context


def register(cache_class):
    def unflatten(children, context):
        cache = cache_class()
        cache.key_cache, cache.value_cache = children
        cache.scale = context.scale
        return cache

    register_for_pytree(
        cache_class,
        flatten_fn=flatten,
        flatten_with_keys_fn=flatten_with_keys,
        unflatten_fn=unflatten,
        to_dumpable_context=lambda context: context.scale,
        from_dumpable_context=Scale,
    )
    register_for_fx(cache_class)
