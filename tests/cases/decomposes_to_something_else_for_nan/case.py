"""An operator is decomposed to one that takes NaN for zero."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from torch._decomp import decomposition_table

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def without_nan(x):
    return torch.nan_to_num(x * torch.sigmoid(x), posinf=torch.inf, neginf=torch.nan)


decomposition_table[torch.ops.aten.silu.default] = without_nan


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return torch.nn.functional.silu(super().forward(x, cache))
