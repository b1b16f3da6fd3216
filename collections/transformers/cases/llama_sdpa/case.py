"""llama with attn_implementation="sdpa"."""

import given
import tiny
from registration import register, unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]

LAYERS = [
    ("past_key_values[0].keys", "past_key_values[0].values"),
]


class Model(tiny.Decode):
    def __init__(self):
        super().__init__(tiny.llama(num_hidden_layers=1, attn_implementation="sdpa"))


def make_inputs(cache_class, leaves):
    return given.decode_step(given.dynamic_cache(cache_class, leaves, LAYERS), leaves)
