"""mamba, registered by register_pytree_node() of transformers.exporters."""

import given
import registration
import tiny
from library_registration import register_exporter as register
from library_registration import unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(tiny.DecodeStates):
    def __init__(self):
        super().__init__(tiny.mamba(), "cache_params")


def make_inputs(cache_class, leaves):
    layer = given.states(leaves["past_key_values[0]"], leaves["past_key_values[1]"])
    return given.decode_step(registration.cache_of(cache_class, [layer]), leaves)
