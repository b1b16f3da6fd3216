"""llama, registered by register_dynamic_cache_export_support()."""

import given
import tiny
from library_registration import register_stock as register
from library_registration import unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]

LAYERS = [
    ("past_key_values.key_cache[0]", "past_key_values.value_cache[0]"),
]


class Model(tiny.Decode):
    def __init__(self):
        super().__init__(tiny.llama(num_hidden_layers=1))


def make_inputs(cache_class, leaves):
    return given.decode_step(given.dynamic_cache(cache_class, leaves, LAYERS), leaves)
