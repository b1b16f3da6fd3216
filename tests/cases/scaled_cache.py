"""A cache with a scale that its tensors do not tell: what the contexts of some cases are about."""

import layered_cache
import torch
from layered_cache import filled, register_for_fx, register_for_pytree
from torch.utils._pytree import MappingKey


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


def register_with(cache_class, context_of, scale_of, **dumping):
    """`context_of(cache)` is the context, of which `scale_of(context)` is the scale."""

    def flatten(cache):
        return [cache.key_cache, cache.value_cache], context_of(cache)

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        keys = map(MappingKey, ("key_cache", "value_cache"))
        return list(zip(keys, children)), context

    def unflatten(children, context):
        cache = cache_class()
        cache.key_cache, cache.value_cache = children
        cache.scale = scale_of(context)
        return cache

    register_for_pytree(
        cache_class,
        flatten_fn=flatten,
        flatten_with_keys_fn=flatten_with_keys,
        unflatten_fn=unflatten,
        **dumping,
    )
    register_for_fx(cache_class)
