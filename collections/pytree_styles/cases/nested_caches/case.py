"""An encoder-decoder's cache: what it attends to in itself, and in the encoder's output.

Both classes are registered, and both are of the cell's kind; only the outer one is rebased.
"""

import states
import torch
from exportgate_case import CacheBase
from pytree_styles import register_attributes
from pytree_styles import unregister as unregister_class


class EncoderDecoderCache(CacheBase):
    def __init__(self, self_attention, cross_attention):
        super().__init__()
        self.self_attention = self_attention
        self.cross_attention = cross_attention


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return 2 * cache.self_attention.mixed_with(x) - cache.cross_attention.mixed_with(x)


def make_inputs(cache_class, leaves):
    inner = [
        states.states(states.States, leaves, f"cache.{name}")
        for name in ("self_attention", "cross_attention")
    ]
    return leaves["x"], cache_class(*inner)


def register(cache_class):
    states.register(states.States)
    register_attributes(cache_class, ["self_attention", "cross_attention"])


def unregister(cache_class):
    unregister_class(cache_class)
    unregister_class(states.States)
