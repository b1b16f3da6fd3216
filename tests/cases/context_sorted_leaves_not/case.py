"""The context has sorted names, and the leaves come as a dict was filled."""

import torch
from exportgate_case import CacheBase
from layered_cache import register_for_pytree, unregister
from torch.fx import _pytree as fx_pytree
from torch.utils._pytree import MappingKey

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(CacheBase):
    def __init__(self):
        super().__init__()
        self.states = {}


class Model(torch.nn.Module):
    def forward(self, x, cache):
        states = cache.states
        return 3 * x + (states["keys"] - 2 * states["values"]).sum(2, keepdim=True)


def make_inputs(cache_class, leaves):
    cache = cache_class()
    cache.states["keys"] = leaves["cache.key_cache[0]"]
    cache.states["values"] = leaves["cache.value_cache[0]"]
    return leaves["x"], cache


def flatten(cache):
    return list(cache.states.values()), sorted(cache.states)


def flatten_with_keys(cache):
    names = {"keys": "key_cache[0]", "values": "value_cache[0]"}
    keyed = [(MappingKey(names[name]), state) for name, state in cache.states.items()]
    return keyed, sorted(cache.states)


def register(cache_class):
    def unflatten(children, context):
        cache = cache_class()
        cache.states = dict(zip(context, children))
        return cache

    register_for_pytree(
        cache_class,
        flatten_fn=flatten,
        flatten_with_keys_fn=flatten_with_keys,
        unflatten_fn=unflatten,
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: flatten(cache)[0])
