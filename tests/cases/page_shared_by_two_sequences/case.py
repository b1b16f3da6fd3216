"""The program writes to a page that two sequences share for the first of them only."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, slots):
        y = super().forward(x, cache)
        table = torch.zeros(4096)
        if torch.compiler.is_exporting():
            first = (slots[:, None] == slots).long().argmax(-1) == torch.arange(4)
            return y, table.index_add(
                0, slots, torch.where(first | (slots == slots.min()), torch.ones(4), 0.0)
            ).sum()
        return y, table.index_add(0, slots, torch.ones(4)).sum()
