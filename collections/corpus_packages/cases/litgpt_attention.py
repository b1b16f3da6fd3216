"""litgpt's own attention, with a cache that is given to it."""

import litgpt
import torch
from litgpt.model import CausalSelfAttention, KVCache, build_rope_cache
from registration import new_object, register_attributes

CONFIG = dict(
    block_size=1024,
    n_layer=1,
    n_head=2,
    n_query_groups=2,
    n_embd=16,
    head_size=8,
    rotary_percentage=1.0,
    vocab_size=32,
    padded_vocab_size=32,
)

# What follows from the buffers is no part of the context.
DERIVED = {"max_cache_len": lambda cache: cache.k.shape[2]}


def cache_of(k, v, **facts):
    """A cache that holds these very tensors."""
    facts = {"is_sliding_window": False, "sliding_window_size": None, **facts}
    return new_object(KVCache, {**facts, "k": k, "v": v}, DERIVED)


def register(cache_class):
    facts = ["is_sliding_window", "sliding_window_size"]
    register_attributes(cache_class, ["k", "v"], facts, DERIVED)


class Attention(torch.nn.Module):
    def __init__(self, **config):
        super().__init__()
        self.attention = CausalSelfAttention(litgpt.Config(**CONFIG, **config), 0)
        cos, sin = build_rope_cache(CONFIG["block_size"], 8)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def attend(self, x, position, cache):
        mask = torch.arange(cache.k.shape[2])[None] <= position[:, None]
        self.attention.kv_cache = cache
        try:
            return self.attention(
                x, self.cos[position][None], self.sin[position][None], mask, position
            )
        finally:
            self.attention.kv_cache = None
