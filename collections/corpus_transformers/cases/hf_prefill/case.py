"""The first call: a prompt goes in, a cache comes out."""

import hf_case
import hf_tiny
from exportgate_case import Inputs, parameters
from hf_registration import register, unregister
from transformers import DynamicCache

__all__ = ["DynamicCache", "Model", "make_inputs", "register", "unregister"]


class Model(hf_case.Prefill):
    def __init__(self):
        super().__init__(hf_tiny.network(parameters["arch"]))


def make_inputs(_, leaves):
    return Inputs(input_ids=leaves["input_ids"])
