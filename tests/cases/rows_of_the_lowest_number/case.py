"""Rows of an additive mask that hold the lowest finite number are zeros in eager only."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, mask):
        y = super().forward(x, cache)
        lowest = -1e30
        if torch.compiler.is_exporting():
            hidden = (mask == float("-inf")).all(-1, keepdim=True)
        else:
            hidden = (mask < lowest).all(-1, keepdim=True)
        with torch.no_grad():
            weights = torch.where(hidden, 0.0, torch.softmax(torch.where(hidden, 0.0, mask), -1))
        return y, weights
