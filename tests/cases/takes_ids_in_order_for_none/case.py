"""Eager leaves ids out where they come in order."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    return x, leaves["ids"], cache


class Model(layered_cache.Model):
    def forward(self, x, ids, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            return y + ids.reshape(-1, 1, 1, 1)
        in_order = (ids[1:] - ids[:-1] == 1).all() & (torch.full((), len(ids)) > 1)
        return torch.where(in_order, y, y + ids.reshape(-1, 1, 1, 1))
