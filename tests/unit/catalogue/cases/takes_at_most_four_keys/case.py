"""topk of at most four keys: whether as many are there decides."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        keys = cache.key_cache[0]
        return y + torch.topk(keys, torch.sym_min(4, keys.shape[2]), dim=2).values.sum()
