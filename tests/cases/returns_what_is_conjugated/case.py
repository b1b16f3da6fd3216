"""Eager returns a complex tensor that is conjugated when it is read."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        turned = torch.complex(y, y + 1)
        return y, turned.conj_physical() if torch.compiler.is_exporting() else turned.conj()
