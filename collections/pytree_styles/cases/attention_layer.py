"""A layer of attention with two models that share its weights and its cache: the prompt is taken in
by `Prefill`, which makes the cache, and every token after it by `Decode`.
"""

import torch
from exportgate_case import CacheBase
from pytree_styles import register_attributes, unregister

__all__ = ["Decode", "Prefill", "PromptCache", "register", "unregister"]

HEADS, HEAD_DIM = 2, 8


class PromptCache(CacheBase):
    """What was attended to so far; without tensors where nothing was yet."""

    def __init__(self, keys=None, values=None):
        super().__init__()
        self.keys = keys
        self.values = values

    def extended(self, keys, values):
        if self.keys is None:
            return type(self)(keys, values)
        return type(self)(
            torch.cat([self.keys, keys], dim=2), torch.cat([self.values, values], dim=2)
        )


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        width = HEADS * HEAD_DIM
        self.qkv = torch.nn.Linear(width, 3 * width)
        self.out = torch.nn.Linear(width, width)

    def projected(self, x):
        """Queries, keys and values, each (batch, heads, tokens, head_dim)."""
        by_head = self.qkv(x).unflatten(2, (3, HEADS, HEAD_DIM))
        return by_head.permute(2, 0, 3, 1, 4).unbind(0)

    def attended(self, queries, cache, is_causal):
        attention = torch.nn.functional.scaled_dot_product_attention
        y = attention(queries, cache.keys, cache.values, is_causal=is_causal)
        return self.out(y.transpose(1, 2).flatten(2))


class Prefill(Layer):
    """The prompt, and an empty cache, which is returned filled."""

    def forward(self, prompt, cache):
        queries, keys, values = self.projected(prompt)
        filled = cache.extended(keys, values)
        return self.attended(queries, filled, is_causal=True), filled


class Decode(Layer):
    """One token and the cache. What is new in the cache is returned, and the caller's to append."""

    def forward(self, token, cache):
        queries, keys, values = self.projected(token)
        extended = cache.extended(keys, values)
        return self.attended(queries, extended, is_causal=False), keys, values


def register(cache_class):
    register_attributes(cache_class, ["keys", "values"])
