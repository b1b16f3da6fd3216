"""The model returns one cache in two places, the program two caches."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        new = type(cache)()
        new.put("key_cache", 0, cache.key_cache[0] + x.sum())
        new.put("value_cache", 0, cache.value_cache[0] * 2)
        return new, new
