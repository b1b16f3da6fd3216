"""A decoder of x-transformers that gives back what the next call of it needs."""

import dataclasses

import torch
from registration import register_attributes
from x_transformers import Decoder
from x_transformers.attend import Intermediates
from x_transformers.x_transformers import LayerIntermediates


def intermediates_of(keys_values, cache_length):
    """What a decoder reads of an earlier call: for each layer (keys, values), and the length."""
    layers = [Intermediates(cached_kv=layer, layer_type="a") for layer in keys_values]
    return LayerIntermediates(attn_intermediates=layers, cache_length=cache_length)


class Decode(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = Decoder(
            dim=16, depth=2, heads=2, attn_dim_head=8, rotary_pos_emb=True, ff_mult=2
        )

    def forward(self, x, cache):
        y, made = self.layers(x, cache=cache, input_not_include_cache=True, return_hiddens=True)
        kept = [layer.cached_kv for layer in made.attn_intermediates if layer.layer_type == "a"]
        return y, intermediates_of(kept, made.cache_length)


def make_inputs(_, leaves):
    tensors = [leaves[name] for name in leaves if ".cached_kv" in name]
    keys_values = [tuple(tensors[:2]), tuple(tensors[2:])]
    length = leaves.get("cache.cache_length", tensors[0].shape[2])
    return leaves["x"], intermediates_of(keys_values, length)


def none_but(dataclass, *names):
    """Fields that decoding does not read, as attributes that are None."""
    fields = [field.name for field in dataclasses.fields(dataclass)]
    return {name: lambda _: None for name in fields if name not in names}


def register_layers():
    others = none_but(Intermediates, "cached_kv", "layer_type")
    register_attributes(Intermediates, ["cached_kv"], ["layer_type"], others)


def register_cache(cache_class, children, facts):
    register_layers()
    register_attributes(cache_class, children, facts, none_but(cache_class, *children, *facts))
