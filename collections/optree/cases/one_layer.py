"""A cache of one layer and a model that takes it."""

import torch
from exportgate_case import CacheBase


class States(CacheBase):
    def __init__(self, keys, values):
        super().__init__()
        self.keys = keys
        self.values = values


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return 3 * x + (cache.keys - 2 * cache.values).sum(2, keepdim=True)


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.keys"], leaves["cache.values"])


def flatten(cache):
    return [cache.keys, cache.values], ["keys", "values"]


def unflatten_into(cache_class, names, children):
    return cache_class(**dict(zip(names, children)))
