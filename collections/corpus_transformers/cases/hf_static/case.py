"""A decode step with a StaticCache, written in place."""

import hf_case
import hf_tiny
from exportgate_case import parameters
from hf_registration import register, unregister
from transformers import StaticCache

__all__ = ["Model", "StaticCache", "make_inputs", "register", "unregister"]


class Model(hf_case.DecodeInPlace):
    def __init__(self):
        super().__init__(hf_tiny.network(parameters["arch"]))


def make_inputs(cache_class, leaves):
    config = hf_tiny.config_of(parameters["arch"])
    cache = hf_case.filled(config, hf_case.named(leaves), cache_class, max_cache_len=12)
    return hf_case.step(cache, leaves)
