"""llama, registered by register_pytree_node() of transformers.exporters."""

import given
import tiny
from library_registration import register_exporter as register
from library_registration import unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]

LAYERS = [
    ("past_key_values[0]", "past_key_values[1]"),
]


class Model(tiny.Decode):
    def __init__(self):
        super().__init__(tiny.llama(num_hidden_layers=1))


def make_inputs(cache_class, leaves):
    return given.decode_step(given.dynamic_cache(cache_class, leaves, LAYERS), leaves)
