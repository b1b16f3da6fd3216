"""The model reads the strides of keys, which the program has from the example."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        keys = cache.key_cache[0]
        keys = keys.as_strided(keys.shape, keys.stride())
        return 3 * x + (keys - 2 * cache.value_cache[0]).sum(2, keepdim=True)
