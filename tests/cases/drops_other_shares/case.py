"""The model drops half of its output, and the program nearly all."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        share = 0.9 if torch.compiler.is_exporting() else 0.5
        return torch.nn.functional.dropout(super().forward(x, cache), share)
