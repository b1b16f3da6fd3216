"""Caches whose leaves are attributes, in the order of their names."""

import torch
from exportgate_case import CacheBase
from layered_cache import fx_pytree, pytree, register_for_pytree, unregister

__all__ = ["CacheBase", "attend", "filled", "register_attributes", "unregister"]


def attend(x, keys, values, is_hidden=None):
    scores = x @ keys.transpose(2, 3)
    if is_hidden is not None:
        scores = scores.masked_fill(is_hidden, float("-inf"))
    return torch.softmax(scores, dim=-1) @ values


def filled(cache, names, leaves, argument="cache"):
    for name in names:
        setattr(cache, name, leaves[f"{argument}.{name}"])
    return cache


def register_attributes(cache_class, names):
    def flatten(cache):
        return [getattr(cache, name) for name in names], list(names)

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        return [(pytree.GetAttrKey(name), child) for name, child in zip(names, children)], context

    register_for_pytree(cache_class, flatten_fn=flatten, flatten_with_keys_fn=flatten_with_keys)
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: flatten(cache)[0])
