"""Descending time steps are taken for ascending ones."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, steps):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            is_descending = (steps.diff() < 0).all()
            steps = torch.where(is_descending, steps.flip(0), steps)
        return y, steps * 1.0
