"""The children are tensors, all in one list: pytree finds leaves there, and no more containers.

It walks lists among the children in Python, which costs more than the flatten function of a class
does.
"""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, unregister
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def flatten(cache):
    """The context is the number of layers, which says where the values begin."""
    return [*cache.key_cache, *cache.value_cache], len(cache.key_cache)


def unflatten_into(cache_class, children, layers):
    cache = cache_class()
    children = list(children)
    cache.key_cache = children[:layers]
    cache.value_cache = children[layers:]
    return cache


def flatten_with_keys(cache):
    children, layers = (getattr(type(cache), "flatten", None) or flatten)(cache)
    keys = [f"{name}[{layer}]" for name in ("key_cache", "value_cache") for layer in range(layers)]
    return [(pytree.MappingKey(key), child) for key, child in zip(keys, children)], layers


def flatten_for_fx(cache, _spec):
    return flatten(cache)[0]


def register(cache_class):
    in_cxx = hasattr(cache_class, "flatten")
    layered_cache.register_for_pytree(
        cache_class,
        flatten_fn=cache_class.flatten if in_cxx else flatten,
        unflatten_fn=cache_class.unflatten
        if in_cxx
        else lambda children, layers: unflatten_into(cache_class, children, layers),
        flatten_with_keys_fn=flatten_with_keys,
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, flatten_for_fx)
