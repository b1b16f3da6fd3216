"""Whoever exports a model of torchtune has the cache among its buffers; here a caller keeps it.

`update` says `assert (self.cache_pos[0] + seq_len) <= self.k_cache.shape[2]`.
"""

import torch
from registration import register_attributes, unregister
from torchtune_attention import KVCache, MultiHeadAttention, cache_of, parts, written

__all__ = ["KVCache", "Model", "make_inputs", "register", "unregister"]

DERIVED = {"batch_size": lambda cache: cache.k_cache.shape[0]}


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = MultiHeadAttention(**parts())
        self.attention.cache_enabled = True

    def forward(self, x, cache):
        mask = written(cache, cache.k_cache.shape[2])
        self.attention.kv_cache = cache
        try:
            return self.attention(x, x, mask=mask, input_pos=cache.cache_pos[:1])
        finally:
            self.attention.kv_cache = None


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_of(cache_class, leaves, DERIVED)


def register(cache_class):
    register_attributes(cache_class, ["k_cache", "v_cache", "cache_pos"], derived=DERIVED)
