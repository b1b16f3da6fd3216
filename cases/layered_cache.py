"""A cache class, a model that takes it, and its pytree functions, for the cases that are about
something else: a case.py imports from here what it leaves as it is, and defines what is particular
about it.

The cells of a case run in processes of their own, so the class has the base of the cell's kind.
"""

import contextlib
import re
import sys

import torch
from exportgate_case import CacheBase
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


class LayeredCache(CacheBase):
    """Keys and values, layer by layer. A layer without states has an empty list in both places."""

    def __init__(self):
        super().__init__()
        self.key_cache = []
        self.value_cache = []

    def put(self, name, layer, states):
        """Sets `states` as the layer's keys (`name` is key_cache) or values (value_cache)."""
        for per_layer in (self.key_cache, self.value_cache):
            while len(per_layer) <= layer:
                per_layer.append([])
        getattr(self, name)[layer] = states


class Model(torch.nn.Module):
    """Keys and values count differently, and so does each layer: whatever is swapped shows."""

    def forward(self, x, cache):
        total = 3 * x
        for layer, (keys, values) in enumerate(zip(cache.key_cache, cache.value_cache), 1):
            if isinstance(keys, torch.Tensor):
                total = total + layer * (keys - 2 * values).sum(2, keepdim=True)
        return total


LAYER = re.compile(r"cache\.(key_cache|value_cache)\[(\d+)\]")


def make_inputs(cache_class, leaves):
    """x, and a cache with the layers that the declaration names; those between them are empty."""
    return leaves["x"], filled(cache_class(), leaves)


def filled(cache, leaves):
    for leaf, states in leaves.items():
        if place := LAYER.fullmatch(leaf):
            cache.put(place[1], int(place[2]), states)
    return cache


def flatten(cache):
    return [cache.key_cache, cache.value_cache], ["key_cache", "value_cache"]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(pytree.MappingKey(key), child) for key, child in zip(context, children)], context


def flatten_for_fx(cache, _spec):
    return flatten(cache)[0]


def unflatten_into(cache_class, children, context):
    cache = cache_class()
    for name, child in zip(context, children):
        setattr(cache, name, child)
    return cache


def register_for_pytree(cache_class, **instead):
    """`instead`: arguments of register_pytree_node that are others than usual."""
    usual = {
        "flatten_fn": flatten,
        "unflatten_fn": lambda children, context: unflatten_into(cache_class, children, context),
        "serialized_type_name": f"{cache_class.__module__}.{cache_class.__qualname__}",
        "flatten_with_keys_fn": flatten_with_keys,
    }
    pytree.register_pytree_node(cache_class, **{**usual, **instead})


def register_for_fx(cache_class):
    fx_pytree.register_pytree_flatten_spec(cache_class, flatten_for_fx)


def register(cache_class):
    register_for_pytree(cache_class)
    register_for_fx(cache_class)


def unregister(cache_class):
    """Takes the class out of every registry that torch keeps, where the recipe knows of three."""
    fx_pytree.SUPPORTED_NODES.pop(cache_class, None)
    fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class, None)
    del pytree.SUPPORTED_NODES[cache_class]
    name = pytree.SUPPORTED_SERIALIZED_TYPES.pop(cache_class).serialized_type_name
    pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE.pop(name, None)
    unregister_from_optree(cache_class)


def unregister_from_optree(cache_class):
    """Where optree is installed, torch registers classes there too, or will once it imports it."""
    pending = getattr(pytree, "_cxx_pytree_pending_imports", [])
    pending[:] = [(args, keywords) for args, keywords in pending if args[0] is not cache_class]
    if optree := sys.modules.get("optree"):
        with contextlib.suppress(ValueError):  # it is not registered there
            optree.unregister_pytree_node(cache_class, namespace="torch")
