"""Sequences that are all at one position see one position less."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, position):
        y = super().forward(x, cache)
        start = (position - 64).clamp(min=0)
        if torch.compiler.is_exporting():
            same = (position.max() - position.min()) == 0
            inner = (position > 64) & (position < 4095)
            start = torch.where(same & inner, position - 63, start)
        return y, start
