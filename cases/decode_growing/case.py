"""A decode loop whose cache grows by one position in every call."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    """Attention of one new position to all before it. Returns the cache with the new position."""

    def forward(self, x, cache):
        grown = LayeredCache()
        grown.key_cache = [torch.cat([keys, x], dim=2) for keys in cache.key_cache]
        grown.value_cache = [torch.cat([values, 2 * x], dim=2) for values in cache.value_cache]
        weights = torch.softmax(x @ grown.key_cache[0].transpose(2, 3), dim=-1)
        return weights @ grown.value_cache[0], grown
