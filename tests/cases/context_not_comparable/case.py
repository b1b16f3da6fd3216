"""The context is an object that is equal to itself only."""

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


class Names:
    """Names that are equal to nothing but themselves."""

    def __init__(self, *names):
        self.names = names

    def __iter__(self):
        return iter(self.names)


def flatten(cache):
    return [cache.key_cache, cache.value_cache], Names("key_cache", "value_cache")


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(MappingKey(key), child) for key, child in zip(context, children)], context


def register(cache_class):
    register_for_pytree(
        cache_class,
        flatten_fn=flatten,
        flatten_with_keys_fn=flatten_with_keys,
        to_dumpable_context=list,
        from_dumpable_context=lambda names: Names(*names),
    )
    register_for_fx(cache_class)
