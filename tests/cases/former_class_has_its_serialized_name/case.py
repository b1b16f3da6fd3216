"""A former class has the serialized name of the class that the model returns."""

import torch
from exportgate_case import CacheBase
from layered_cache import LayeredCache, flatten, register, register_for_pytree, unregister

__all__ = ["FormerCache", "LayeredCache", "Model", "make_inputs", "register", "unregister"]


class FormerCache(CacheBase):
    """What saved programs took the name for before there was LayeredCache."""


def unflatten(children, context):
    cache = FormerCache()
    cache.key_cache, cache.value_cache = children
    return cache


register_for_pytree(
    FormerCache,
    flatten_fn=flatten,
    unflatten_fn=unflatten,
    serialized_type_name=f"{LayeredCache.__module__}.{LayeredCache.__qualname__}",
)


class Model(torch.nn.Module):
    def forward(self, keys, values):
        cache = LayeredCache()
        cache.put("key_cache", 0, keys * 2)
        cache.put("value_cache", 0, values * 3)
        return cache


def make_inputs(cache_class, leaves):
    return tuple(leaves.values())
