"""One patch of a forecast: `cache.key[:, start:end] = key`, where `start` is `next_index[0]`."""

import torch
from registration import register_attributes, unregister
from timesfm.torch.transformer import MultiHeadAttention
from timesfm.torch.util import DecodeCache

__all__ = ["DecodeCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = MultiHeadAttention(num_heads=2, in_features=16)

    def forward(self, x, cache):
        y, _written = self.attention(x, decode_cache=cache)
        return y


def make_inputs(cache_class, leaves):
    x, *tensors = leaves.values()
    return x, cache_class(*tensors)


def register(cache_class):
    register_attributes(cache_class, ["next_index", "num_masked", "key", "value"])
