"""A chunk that begins inside a window of 64 and ends outside of it is cut wrongly."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    return leaves["x"], layered_cache.filled(cache_class(), leaves)


class Model(torch.nn.Module):
    def forward(self, x, cache):
        past, new = cache.key_cache[0].shape[2], x.shape[2]
        keys = torch.cat([cache.key_cache[0], x], 2)
        total = torch.full((), past + new)
        start = (total - 64).clamp(min=0)
        if torch.compiler.is_exporting():
            inside = (torch.full((), past) < 64) & (torch.full((), new) <= 64)
            start = torch.where(inside, 0, start)
        seen = torch.arange(past + new) >= start
        return (keys * seen[:, None]).sum(2) - cache.value_cache[0].mean(2)
