"""flatten gives values, then keys, where the context says keys, then values."""

from layered_cache import LayeredCache, Model, make_inputs, register_for_pytree, unregister
from torch.fx._pytree import register_pytree_flatten_spec
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def flatten(cache):
    return [cache.value_cache, cache.key_cache], ["key_cache", "value_cache"]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(MappingKey(key), child) for key, child in zip(context, children)], context


def register(cache_class):
    register_for_pytree(cache_class, flatten_fn=flatten, flatten_with_keys_fn=flatten_with_keys)
    register_pytree_flatten_spec(cache_class, lambda cache, _spec: flatten(cache)[0])
