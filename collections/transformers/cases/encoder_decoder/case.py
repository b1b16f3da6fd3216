"""A decode step of T5: self attention grows, cross attention is in the cache already."""

import given
import registration
import tiny
from exportgate_case import Inputs
from transformers import DynamicCache, EncoderDecoderCache

__all__ = ["EncoderDecoderCache", "Model", "make_inputs", "register", "unregister"]

SELF = [
    (
        "past_key_values.self_attention_cache[0].keys",
        "past_key_values.self_attention_cache[0].values",
    )
]
CROSS = [
    (
        "past_key_values.cross_attention_cache[0].keys",
        "past_key_values.cross_attention_cache[0].values",
    )
]


class Model(tiny.DecodeOfEncoded):
    def __init__(self):
        super().__init__(tiny.t5())


def make_inputs(_, leaves):
    caches = [given.dynamic_cache(DynamicCache, leaves, names) for names in (SELF, CROSS)]
    return Inputs(
        decoder_input_ids=leaves["decoder_input_ids"],
        encoded=leaves["encoded"],
        past_key_values=EncoderDecoderCache(*caches),
    )


def register(_):
    registration.register_encoder_decoder()


def unregister(_):
    registration.unregister(EncoderDecoderCache)
    registration.unregister(DynamicCache)
