"""encoder_decoder, registered by register_pytree_node() of transformers.exporters."""

import given
import registration
import tiny
from exportgate_case import Inputs
from library_registration import register_exporter
from transformers import DynamicCache, EncoderDecoderCache

__all__ = ["EncoderDecoderCache", "Model", "make_inputs", "register", "unregister"]

SELF = [("past_key_values[0]", "past_key_values[1]")]
CROSS = [("past_key_values[2]", "past_key_values[3]")]


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
    register_exporter(DynamicCache)
    register_exporter(EncoderDecoderCache)


def unregister(_):
    registration.unregister(EncoderDecoderCache)
    registration.unregister(DynamicCache)
