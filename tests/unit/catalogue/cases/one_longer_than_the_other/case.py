"""The values have a position more than the keys, and the declaration does not say so."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        values = cache.value_cache[0]
        keys = torch.cat([values[:, :, :1], cache.key_cache[0]], dim=2)
        return 3 * x + (keys - 2 * values).sum(2, keepdim=True)
