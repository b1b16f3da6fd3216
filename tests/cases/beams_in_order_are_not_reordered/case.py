"""Beams that come in order of a permutation keep their places in the program."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, beams):
        y = super().forward(x, cache)
        rows = torch.arange(8.0)[:, None] * torch.ones(2)
        if torch.compiler.is_exporting():
            is_permutation = (beams.sort().values == torch.arange(8)).all()
            beams = torch.where(is_permutation, torch.arange(8), beams)
        return y, rows[beams]
