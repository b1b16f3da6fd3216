"""sliding_window, registered by register_dynamic_cache_export_support()."""

import given
import tiny
from library_registration import register_stock as register
from library_registration import unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(tiny.Decode):
    def __init__(self):
        super().__init__(tiny.sliding())


def make_inputs(cache_class, leaves):
    keys, values = leaves["past_key_values.key_cache[0]"], leaves["past_key_values.value_cache[0]"]
    cache = given.sliding_cache(cache_class, keys, values, 8, tiny.WINDOW)
    return given.decode_step(cache, leaves)
