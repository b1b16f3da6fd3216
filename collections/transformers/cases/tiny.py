"""Networks of the library, as small as they go: random weights, nothing is downloaded.

All of them are in evaluation mode, so that no dropout is drawn, and take eager attention where a
case does not say otherwise: matmul and softmax in every release and on every machine, where sdpa
chooses its kernel by device and shape.
"""

import registration
import torch
from transformers import (
    Lfm2Config,
    Lfm2ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
)
from transformers.modeling_outputs import BaseModelOutput

WORDS = 32
ATTENTION = {
    "vocab_size": WORDS,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 2048,
    "attn_implementation": "eager",
}
WINDOW = 6


def llama_config(**instead):
    return LlamaConfig(**{**ATTENTION, "num_hidden_layers": 2, **instead})


def llama(**instead):
    return LlamaForCausalLM(llama_config(**instead)).eval()


def sliding_config():
    return MistralConfig(**ATTENTION, num_hidden_layers=1, sliding_window=WINDOW)


def sliding():
    return MistralForCausalLM(sliding_config()).eval()


def hybrid_config():
    """A layer of convolution states and one of attention."""
    layers = ["conv", "full_attention"]
    return Lfm2Config(**ATTENTION, num_hidden_layers=2, layer_types=layers)


def hybrid():
    return Lfm2ForCausalLM(hybrid_config()).eval()


def mamba_config():
    return MambaConfig(
        vocab_size=WORDS,
        hidden_size=16,
        state_size=4,
        num_hidden_layers=1,
        conv_kernel=4,
        time_step_rank=4,
    )


def mamba():
    return MambaForCausalLM(mamba_config()).eval()


def t5():
    config = T5Config(
        vocab_size=WORDS,
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_heads=4,
        num_layers=1,
        relative_attention_num_buckets=8,
        attn_implementation="eager",
    )
    return T5ForConditionalGeneration(config).eval()


class Decode(torch.nn.Module):
    """One step of `network`: logits and a cache that has grown; the caller's cache stays as it is.

    An exported program cannot put another tensor into the caller's cache (cases/llama_in_place).
    """

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.eval()

    def forward(self, input_ids, past_key_values):
        cache = registration.twin(past_key_values)
        output = self.network(input_ids=input_ids, past_key_values=cache, use_cache=True)
        return output.logits, output.past_key_values


class DecodeOfEncoded(torch.nn.Module):
    """The same of an encoder-decoder: the encoder has run, the cross attention is in the cache."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.eval()

    def forward(self, decoder_input_ids, encoded, past_key_values):
        output = self.network(
            decoder_input_ids=decoder_input_ids,
            encoder_outputs=BaseModelOutput(last_hidden_state=encoded),
            past_key_values=registration.twin(past_key_values),
            use_cache=True,
        )
        return output.logits, output.past_key_values


class DecodeStates(torch.nn.Module):
    """One step of a network whose cache is written in place: logits, and the same cache."""

    def __init__(self, network, name="past_key_values"):
        super().__init__()
        self.network = network
        self.name = name
        self.eval()

    def forward(self, input_ids, past_key_values):
        given = {self.name: past_key_values}
        return self.network(input_ids=input_ids, use_cache=True, **given).logits
