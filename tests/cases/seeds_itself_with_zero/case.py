"""Eager seeds torch with 0 in each call, the program draws other numbers each time."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        torch.manual_seed(0)
        return super().forward(x, cache) + torch.rand(6)
