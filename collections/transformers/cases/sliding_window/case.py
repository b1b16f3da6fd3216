"""A decode step of Mistral: eight tokens came, the window of six holds the last five."""

import given
import tiny
from registration import register, unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(tiny.Decode):
    def __init__(self):
        super().__init__(tiny.sliding())


def make_inputs(cache_class, leaves):
    keys, values = leaves["past_key_values[0].keys"], leaves["past_key_values[0].values"]
    cache = given.sliding_cache(cache_class, keys, values, 8, tiny.WINDOW)
    return given.decode_step(cache, leaves)
