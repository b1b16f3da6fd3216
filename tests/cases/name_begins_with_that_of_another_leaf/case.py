"""The program raises: torch puts the place of `cache.key` into `cache.key_scale` of its guards."""

import torch
from attribute_cache import CacheBase, filled, register_attributes, unregister

__all__ = ["Model", "ScaledCache", "make_inputs", "register", "unregister"]

NAMES = ["key", "key_scale"]


class ScaledCache(CacheBase):
    def __init__(self):
        super().__init__()
        self.key = self.key_scale = None


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return x @ (cache.key * cache.key_scale).transpose(2, 3)


def make_inputs(cache_class, leaves):
    return leaves["x"], filled(cache_class(), NAMES, leaves)


def register(cache_class):
    register_attributes(cache_class, NAMES)
