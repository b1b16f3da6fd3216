"""flatten gives the first of two layers, and no more are declared."""

import layered_cache
from layered_cache import LayeredCache, Model, register_for_pytree, unregister
from torch.fx._pytree import register_pytree_flatten_spec
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    cache.put("key_cache", 1, cache.key_cache[0] + 1)
    cache.put("value_cache", 1, cache.value_cache[0] + 1)
    return x, cache


def flatten(cache):
    return [cache.key_cache[:1], cache.value_cache[:1]], ["key_cache", "value_cache"]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(MappingKey(key), child) for key, child in zip(context, children)], context


def register(cache_class):
    register_for_pytree(cache_class, flatten_fn=flatten, flatten_with_keys_fn=flatten_with_keys)
    register_pytree_flatten_spec(cache_class, lambda cache, _spec: flatten(cache)[0])
