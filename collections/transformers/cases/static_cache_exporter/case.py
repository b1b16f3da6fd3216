"""static_cache, registered by register_pytree_node() of transformers.exporters."""

import given
import tiny
from library_registration import register_exporter as register
from library_registration import unregister
from transformers import StaticCache

__all__ = ["Model", "StaticCache", "make_inputs", "register", "unregister"]

FACTS = {"class": "StaticLayer", "max_cache_len": 12}


class Model(tiny.DecodeStates):
    def __init__(self):
        super().__init__(tiny.llama(num_hidden_layers=1))


def make_inputs(_, leaves):
    keys, values, length = (leaves[f"past_key_values[{i}]"] for i in range(3))
    return given.decode_step(given.static_cache(FACTS, keys, values, length), leaves)
