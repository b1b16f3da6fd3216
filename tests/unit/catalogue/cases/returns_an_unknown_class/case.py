"""The model makes a cache and returns it, and nobody registered its class."""

import torch


class Cache:
    def __init__(self, keys, values):
        self.keys = keys
        self.values = values


def register(cache_class):
    """Nothing is registered."""


def unregister(cache_class):
    """Nothing was registered."""


def make_inputs(cache_class, leaves):
    return (leaves["x"],)


class Model(torch.nn.Module):
    def forward(self, x):
        return 2 * x, Cache(x + 1, x - 1)
