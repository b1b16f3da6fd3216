"""`unflatten` makes a buffer that is not saved one that is."""

import layered_cache
import torch
from layered_cache import Model, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.kept = torch.nn.Module()
        self.kept.register_buffer("step", torch.zeros(1))


def make_inputs(cache_class, leaves):
    cache = layered_cache.filled(cache_class(), leaves)
    cache.kept = torch.nn.Module()
    cache.kept.register_buffer("step", torch.zeros(1), persistent=False)
    return leaves["x"], cache
