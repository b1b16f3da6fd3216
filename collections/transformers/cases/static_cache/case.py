"""A decode step of Llama with a StaticCache as input: the library makes it part of the model."""

import given
import tiny
from registration import register, unregister
from transformers import StaticCache

__all__ = ["Model", "StaticCache", "make_inputs", "register", "unregister"]

FACTS = {"class": "StaticLayer", "max_cache_len": 12}


class Model(tiny.DecodeStates):
    def __init__(self):
        super().__init__(tiny.llama(num_hidden_layers=1))


def make_inputs(_, leaves):
    tensors = [leaves[f"past_key_values[0].{name}"] for name in ("keys", "values")]
    length = leaves["past_key_values[0].cumulative_length"]
    return given.decode_step(given.static_cache(FACTS, *tensors, length), leaves)
