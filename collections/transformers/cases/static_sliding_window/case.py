"""A decode step of Mistral with a StaticCache whose window is full."""

import given
import tiny
from registration import register, unregister
from transformers import StaticCache

__all__ = ["Model", "StaticCache", "make_inputs", "register", "unregister"]

FACTS = {
    "class": "StaticSlidingWindowLayer",
    "max_cache_len": tiny.WINDOW,
    "cumulative_length_int": 8,
}


class Model(tiny.DecodeStates):
    def __init__(self):
        super().__init__(tiny.sliding())


def make_inputs(_, leaves):
    tensors = [leaves[f"past_key_values[0].{name}"] for name in ("keys", "values")]
    length = leaves["past_key_values[0].cumulative_length"]
    return given.decode_step(given.static_cache(FACTS, *tensors, length), leaves)
