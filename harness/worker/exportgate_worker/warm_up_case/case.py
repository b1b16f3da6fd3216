"""A small cache that every release exports in both modes. Only the warm-up uses it."""

import torch
from exportgate_case import CacheBase


class Cache(CacheBase):
    def __init__(self):
        super().__init__()
        self.states = []

    def length(self):
        return self.states[0].shape[1]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        states = torch.cat(cache.states, dim=1)
        zeros = torch.zeros((x.shape[0], cache.length(), x.shape[1]))
        return x + (states + zeros).sum(1)


def make_inputs(cache_class, leaves):
    cache = cache_class()
    cache.states.append(leaves["cache.states[0]"])
    return leaves["x"], cache


def flatten(cache):
    return [cache.states], ["states"]


def flatten_with_keys(cache):
    return [(torch.utils._pytree.MappingKey("states"), cache.states)], ["states"]


def register(cache_class):
    def unflatten(children, context):
        cache = cache_class()
        cache.states = children[0]
        return cache

    torch.utils._pytree.register_pytree_node(
        cache_class,
        flatten,
        unflatten,
        serialized_type_name="case_warm_up.Cache",
        flatten_with_keys_fn=flatten_with_keys,
    )
    torch.fx._pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: [cache.states])


def unregister(cache_class):
    torch.utils._pytree.SUPPORTED_NODES.pop(cache_class)
    torch.fx._pytree.SUPPORTED_NODES.pop(cache_class)
    torch.fx._pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class)
