"""mamba, registered by register_dynamic_cache_export_support()."""

import given
import registration
import tiny
from library_registration import register_stock as register
from library_registration import unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(tiny.DecodeStates):
    def __init__(self):
        super().__init__(tiny.mamba(), "cache_params")


def make_inputs(cache_class, leaves):
    layer = given.states(
        leaves["past_key_values[0].conv_states"], leaves["past_key_values[0].recurrent_states"]
    )
    return given.decode_step(registration.cache_of(cache_class, [layer]), leaves)
