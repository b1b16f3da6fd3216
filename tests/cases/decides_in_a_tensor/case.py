"""As goes_another_way_at_one_length, but the program computes both ways."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

WINDOW = 7


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        length = torch.full((), cache.key_cache[0].shape[2])
        return torch.where(length != WINDOW, y, y + 0.5)
