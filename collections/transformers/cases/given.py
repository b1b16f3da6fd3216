"""Caches that hold the declared leaves, and the inputs that they are part of."""

import registration
from exportgate_case import Inputs
from transformers import StaticCache


def decode_step(cache, leaves):
    """By keyword, as a model of the library is called."""
    return Inputs(input_ids=leaves["input_ids"], past_key_values=cache)


def dynamic_cache(cache_class, leaves, names):
    """`names`: for each layer those of the leaves that are its keys and its values."""
    layers = [
        registration.layer_of(
            {"class": "DynamicLayer"}, {"keys": leaves[keys], "values": leaves[values]}
        )
        for keys, values in names
    ]
    return registration.cache_of(cache_class, layers, may_grow=True)


def sliding_cache(cache_class, keys, values, seen, window):
    """`seen` tokens came so far, of which the layer holds the last `window` - 1 at most."""
    facts = {
        "class": "DynamicSlidingWindowLayer",
        "sliding_window": window,
        "cumulative_length": seen,
        "record_past": False,
    }
    layer = registration.layer_of(facts, {"keys": keys, "values": values})
    return registration.cache_of(cache_class, [layer])


def static_cache(facts, keys, values, length):
    tensors = {"keys": keys, "values": values, "cumulative_length": length}
    return registration.cache_of(StaticCache, [registration.layer_of(facts, tensors)])


def states(conv_states, recurrent_states=None):
    """A layer that holds the states of a convolution, and those of a recurrence if there is one."""
    facts = {
        "class": "LinearAttentionLayer",
        "conv_kernel_size": conv_states.shape[-1],
        "has_previous_state": True,
    }
    tensors = {"conv_states": conv_states}
    if recurrent_states is not None:
        tensors["recurrent_states"] = recurrent_states
    return registration.layer_of(facts, tensors)
