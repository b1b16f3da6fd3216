"""LlamaForCausalLM itself, which lets the caller's cache grow."""

import given
import tiny
from registration import register, unregister
from transformers import DynamicCache, LlamaForCausalLM

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]

LAYERS = [
    ("past_key_values[0].keys", "past_key_values[0].values"),
]


class Model(LlamaForCausalLM):
    """The library's, as it is."""

    def __init__(self):
        super().__init__(tiny.llama_config(num_hidden_layers=1))
        self.eval()


def make_inputs(cache_class, leaves):
    return given.decode_step(given.dynamic_cache(cache_class, leaves, LAYERS), leaves)
