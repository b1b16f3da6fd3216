"""A decode step of Mistral with a window that is not full yet: all tokens that came are in it."""

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
    cache = given.sliding_cache(cache_class, keys, values, keys.shape[-2], tiny.WINDOW)
    return given.decode_step(cache, leaves)
