"""The program is wrong where the length is a multiple of 16."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if not torch.compiler.is_exporting():
            return y
        length = torch.full((), cache.key_cache[0].shape[2])
        return torch.where((length % 16 == 0) & (length < 512), y + 1, y)
