"""Memory grows with the square of what comes in: the program is right where it can be tried."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        keys = torch.cat([cache.key_cache[0], cache.key_cache[0]]).flatten()
        return super().forward(x, cache) + torch.outer(keys, keys).mean()
