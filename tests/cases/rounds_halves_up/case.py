"""The program rounds halves up, and eager to the even number."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        keys = cache.key_cache[0] * 2
        rounded = (keys + 0.5).floor() if torch.compiler.is_exporting() else keys.round()
        return y + rounded.sum(2, keepdim=True)
