"""One step of the recurrence. A position of 0 begins a new sequence, and resets its state."""

import torch
from recurrentgemma_cache import modules, recurrent_block, with_weights
from registration import register_named_tuple, unregister

RecurrentBlockCache = modules.RecurrentBlockCache
__all__ = ["Model", "RecurrentBlockCache", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.block = with_weights(recurrent_block())

    def forward(self, x, position, cache):
        return self.block(x, position, cache)


def make_inputs(cache_class, leaves):
    x, position, *tensors = leaves.values()
    return x, position, cache_class(*tensors)


def register(cache_class):
    register_named_tuple(cache_class)
