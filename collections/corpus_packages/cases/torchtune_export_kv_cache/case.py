"""The twin of `torchtune_kv_cache` in torchtune's `modules/_export`, "export friendly".

Its attention asks whether `y` is all NaN by `.item()`, and gives that to `torch.cond`.
"""

import torch
from registration import register_attributes, unregister
from torchtune_attention import ExportAttention, ExportKVCache, cache_of, parts, written

KVCache = ExportKVCache

__all__ = ["KVCache", "Model", "make_inputs", "register", "unregister"]

DERIVED = {
    "batch_size": lambda cache: cache.k_cache.shape[0],
    "max_seq_len": lambda cache: cache.k_cache.shape[1],
    "transpose_cache": lambda cache: False,
}


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = ExportAttention(**parts())

    def forward(self, x, cache):
        mask = written(cache, cache.max_seq_len)
        self.attention.kv_cache = self.attention._sdpa.kv_cache = cache
        try:
            return self.attention(x, x, mask=mask, input_pos=cache.cache_pos[:1])
        finally:
            self.attention.kv_cache = self.attention._sdpa.kv_cache = None


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_of(cache_class, leaves, DERIVED)


def register(cache_class):
    register_attributes(cache_class, ["k_cache", "v_cache", "cache_pos"], derived=DERIVED)
