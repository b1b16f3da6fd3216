"""The model keeps a tensor for the next call of the same length: the program is right."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Kept:
    bias = None


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.kept = Kept()

    def forward(self, x, cache):
        length = cache.key_cache[0].shape[2]
        if self.kept.bias is None or self.kept.bias.shape[0] != length:
            self.kept.bias = torch.arange(length, dtype=x.dtype)
        return super().forward(x, cache) + self.kept.bias.sum()
