"""A decode step of Mamba 2, whose cache is states of a fixed size."""

import hf_case
import hf_tiny
from exportgate_case import parameters
from hf_registration import register, unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(hf_case.Decode):
    def __init__(self):
        super().__init__(hf_tiny.network(parameters["arch"]))


def make_inputs(cache_class, leaves):
    config = hf_tiny.config_of(parameters["arch"])
    layers = hf_case.named(leaves)
    return hf_case.step(hf_case.filled(config, layers, cache_class), leaves)
