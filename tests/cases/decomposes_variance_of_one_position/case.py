"""The decomposed variance of one position is 0, that of eager NaN."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from torch._decomp import decomposition_table

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
aten = torch.ops.aten


def wrong(x, dim=None, *, correction=None, keepdim=False):
    return (
        (x - x.mean(dim, keepdim=True)).pow(2).sum(dim, keepdim=keepdim)
        / torch.sym_max(x.shape[2] - 1, 1)
    ).sqrt()


decomposition_table[aten.std.correction] = wrong


class Model(torch.nn.Module):
    def forward(self, x, cache):
        with torch.no_grad():
            keys = cache.key_cache[0].std(2, keepdim=True)
        return 3 * x + (keys - 2 * cache.value_cache[0]).sum(2, keepdim=True)
