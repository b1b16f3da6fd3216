"""hf_hybrid_mamba, with the registration of the library's exporters."""

import hf_case
import hf_tiny
from exportgate_case import parameters
from hf_library import register_exporter as register
from hf_library import unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(hf_case.Decode):
    def __init__(self):
        super().__init__(hf_tiny.network(parameters["arch"]))


def make_inputs(cache_class, leaves):
    config = hf_tiny.config_of(parameters["arch"])
    layers = hf_case.in_order(leaves, ("conv_states", "recurrent_states"), ("keys", "values"))
    return hf_case.step(hf_case.filled(config, layers, cache_class), leaves)
