"""The leaves come in the order in which the attributes were set."""

import layered_cache
from layered_cache import make_inputs, register_for_fx, register_for_pytree, unregister
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

LayeredCache = layered_cache.LayeredCache
Model = layered_cache.Model


def named_lists(cache):
    return {name: value for name, value in vars(cache).items() if name.endswith("_cache")}


def flatten(cache):
    return list(named_lists(cache).values()), None


def flatten_with_keys(cache):
    return [(MappingKey(name), value) for name, value in named_lists(cache).items()], None


def register(cache_class):
    register_for_pytree(
        cache_class,
        flatten_fn=flatten,
        flatten_with_keys_fn=flatten_with_keys,
        unflatten_fn=lambda children, _: layered_cache.unflatten_into(
            cache_class, children, ["key_cache", "value_cache"]
        ),
    )
    register_for_fx(cache_class)
