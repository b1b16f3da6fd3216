"""A decode step of LFM2: the first layer holds the states of a convolution, the second attends."""

import given
import registration
import tiny
from registration import register, unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(tiny.Decode):
    def __init__(self):
        super().__init__(tiny.hybrid())


def make_inputs(cache_class, leaves):
    states = given.states(leaves["past_key_values[0].conv_states"])
    keys, values = (leaves[f"past_key_values[1].{name}"] for name in ("keys", "values"))
    attention = registration.layer_of({"class": "DynamicLayer"}, {"keys": keys, "values": values})
    return given.decode_step(registration.cache_of(cache_class, [states, attention]), leaves)
