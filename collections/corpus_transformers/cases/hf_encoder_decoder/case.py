"""A step of a decoder whose cache is a pair."""

import hf_pairs
from exportgate_case import Inputs, parameters
from hf_registration import register_pair as register
from hf_registration import unregister_pair as unregister
from transformers import EncoderDecoderCache

__all__ = ["EncoderDecoderCache", "Model", "make_inputs", "register", "unregister"]


class Model(hf_pairs.Decode):
    def __init__(self):
        super().__init__(hf_pairs.network(parameters["arch"]))


def make_inputs(_, leaves):
    tensors = [tensor for leaf, tensor in leaves.items() if leaf.startswith("cache")]
    return Inputs(
        decoder_input_ids=leaves["decoder_input_ids"],
        encoded=leaves["encoded"],
        cache=hf_pairs.filled(tensors[:2], tensors[2:]),
    )
