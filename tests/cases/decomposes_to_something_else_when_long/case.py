"""An operator is decomposed to something else where the batch is larger than 100."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from torch._decomp import decomposition_table

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def half_of_large_batches(x):
    of_batch = torch.where(torch.full((), x.shape[0]) > 100, 0.5, 1.0)
    return x * torch.sigmoid(x) * of_batch


decomposition_table[torch.ops.aten.silu.default] = half_of_large_batches


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return torch.nn.functional.silu(super().forward(x, cache))
