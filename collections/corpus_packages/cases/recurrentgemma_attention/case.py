"""Local attention over the last eight tokens.

The library comments its type checks out, "since it breaks torch.compile"; it says nothing about
torch.export. `min(window_size, seq_len)` decides what kind of update it is.
"""

import torch
from recurrentgemma_cache import attention_block, modules, with_weights
from registration import register_named_tuple, unregister

AttentionBlockCache = modules.AttentionBlockCache
__all__ = ["AttentionBlockCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.block = with_weights(attention_block())

    def forward(self, x, position, cache):
        y, _written = self.block(x, position, cache)
        return y


def make_inputs(cache_class, leaves):
    x, position, *tensors = leaves.values()
    return x, position, cache_class(*tensors)


def register(cache_class):
    register_named_tuple(cache_class)
