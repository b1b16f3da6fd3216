"""cases/dynamic_cache with `numel() == 0` where that has `len(tensor) == 0`: no other difference.

`numel` is a SymInt to the non-strict exporter, where `len` reads the batch size as an int. A test
holds the two files together.
"""

import torch
from exportgate_case import CacheBase


class DynamicCache(CacheBase):
    def __init__(self):
        super().__init__()
        self._seen_tokens = 0
        self.key_cache = []
        self.value_cache = []

    def update(self, key_states, value_states, layer_idx, cache_kwargs=None):
        if layer_idx == 0:
            self._seen_tokens += key_states.shape[-2]
        if len(self.key_cache) <= layer_idx:
            for _ in range(len(self.key_cache), layer_idx):
                self.key_cache.append([])
                self.value_cache.append([])
            self.key_cache.append(key_states)
            self.value_cache.append(value_states)
        elif len(self.key_cache[layer_idx]) == 0:
            self.key_cache[layer_idx] = key_states
            self.value_cache[layer_idx] = value_states
        else:
            self.key_cache[layer_idx] = torch.cat([self.key_cache[layer_idx], key_states], dim=-2)
            self.value_cache[layer_idx] = torch.cat(
                [self.value_cache[layer_idx], value_states], dim=-2
            )
        return self.key_cache[layer_idx], self.value_cache[layer_idx]

    def get_seq_length(self, layer_idx=0):
        is_empty_layer = (
            len(self.key_cache) == 0
            or len(self.key_cache) <= layer_idx
            or self.key_cache[layer_idx].numel() == 0
        )
        return 0 if is_empty_layer else self.key_cache[layer_idx].shape[-2]


class Model(torch.nn.Module):
    def forward(self, x, dc):
        keys = torch.cat(dc.key_cache, dim=1)
        values = torch.cat(dc.value_cache, dim=1)
        length = dc.get_seq_length()
        batch, heads, _, head_dim = dc.key_cache[0].shape
        w = values + keys + torch.zeros((batch, heads, length, head_dim))
        return x + w.sum(2, keepdim=True)


def make_inputs(cache_class, leaves):
    cache = cache_class()
    cache.update(leaves["dc.key_cache[0]"], leaves["dc.value_cache[0]"], 0)
    return leaves["x"], cache


def flatten(cache):
    return [cache.key_cache, cache.value_cache], ["key_cache", "value_cache"]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [
        (torch.utils._pytree.MappingKey(key), child) for key, child in zip(context, children)
    ], context


def flatten_for_fx(cache, _spec):
    return [cache.key_cache, cache.value_cache]


def register(cache_class):
    def unflatten(children, context):
        cache = cache_class()
        for name, child in zip(context, children):
            setattr(cache, name, child)
        return cache

    torch.utils._pytree.register_pytree_node(
        cache_class,
        flatten,
        unflatten,
        serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}",
        flatten_with_keys_fn=flatten_with_keys,
    )
    torch.fx._pytree.register_pytree_flatten_spec(cache_class, flatten_for_fx)


def unregister(cache_class):
    """The recipe's three pops."""
    torch.utils._pytree.SUPPORTED_NODES.pop(cache_class)
    torch.fx._pytree.SUPPORTED_NODES.pop(cache_class)
    torch.fx._pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class)
