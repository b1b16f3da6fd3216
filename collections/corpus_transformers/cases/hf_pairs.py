"""Encoder-decoders of the library, as small as they go, and a decoding step of one.

The encoder has run: what it came to is an input, and the cross attention is in the cache.
"""

import hf_case
import hf_registration
import hf_tiny
import torch
from transformers import DynamicCache, EncoderDecoderCache
from transformers.modeling_outputs import BaseModelOutput

SOURCE = 6
T5 = {"d_kv": 8, "d_ff": 64, "num_decoder_layers": 1, "relative_attention_num_buckets": 8}
BART = {
    "decoder_start_token_id": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "encoder_layers": 1,
    "decoder_layers": 1,
}

# name: (the library's module, prefix of its classes, what its configuration has)
ARCHITECTURES = {
    "t5": ("t5", "T5", T5),
    "mt5": ("mt5", "MT5", T5),
    "umt5": ("umt5", "UMT5", T5),
    "longt5": ("longt5", "LongT5", {**T5, "local_radius": 4}),
    "switch_transformers": (
        "switch_transformers",
        "SwitchTransformers",
        {**T5, "num_experts": 4, "num_sparse_encoder_layers": 1, "num_sparse_decoder_layers": 1},
    ),
    "bart": ("bart", "Bart", BART),
    "mbart": ("mbart", "MBart", BART),
    "pegasus": ("pegasus", "Pegasus", BART),
    "pegasus_x": ("pegasus_x", "PegasusX", BART),
    "marian": ("marian", "Marian", BART),
    "blenderbot": ("blenderbot", "Blenderbot", BART),
    "m2m_100": ("m2m_100", "M2M100", BART),
    "plbart": ("plbart", "PLBart", BART),
    "whisper": ("whisper", "Whisper", {**BART, "max_target_positions": 2048}),
    "speech_to_text": ("speech_to_text", "Speech2Text", {**BART, "max_target_positions": 2048}),
}
SUFFIXES = ("ForConditionalGeneration", "MTModel")


def network(arch):
    module, prefix, entries = ARCHITECTURES[arch]
    common = dict(hf_tiny.COMMON)
    common.pop("num_key_value_heads")
    config_class = hf_tiny.class_of(module, prefix, ("Config",))
    config = config_class(**{**common, **entries}, attn_implementation="eager")
    return hf_tiny.class_of(module, prefix, SUFFIXES)(config).eval()


class Decode(torch.nn.Module):
    """One step of the decoder: logits, and a pair of caches whose first has grown."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.argument = hf_case.argument_of(network)
        self.eval()

    def forward(self, decoder_input_ids, encoded, cache):
        grown = hf_registration.twin(cache)
        output = self.network(
            decoder_input_ids=decoder_input_ids,
            encoder_outputs=BaseModelOutput(last_hidden_state=encoded),
            use_cache=True,
            **{self.argument: grown},
        )
        return output.logits, grown


def filled(own, cross):
    """A pair of caches, each of one layer: (keys, values)."""
    caches = []
    for keys, values in (own, cross):
        cache = DynamicCache()
        cache.layers = [cache.layer_class_to_replicate()]
        hf_case.fill(cache.layers[0], {"keys": keys, "values": values}, keys.shape[-2])
        caches.append(cache)
    return EncoderDecoderCache(*caches)
