"""Position 1024 of a ring of 1024 goes behind its end."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache, position):
        y = layered_cache.Model.forward(self, x, cache)
        if torch.compiler.is_exporting():
            place = torch.where(position > 1024, position % 1024, position)
        else:
            place = torch.where(position >= 1024, position % 1024, position)
        return y, place
