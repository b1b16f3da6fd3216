"""Dims of inputs that forward takes as **caches."""

import torch
from exportgate_case import Inputs
from layered_cache import LayeredCache, filled, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, **caches):
        return 3 * x + caches["cache"].key_cache[0].sum(2, keepdim=True)


def make_inputs(cache_class, leaves):
    return Inputs(leaves["x"], cache=filled(cache_class(), leaves))
