"""A subclass of OrderedDict whose entries are attributes too, and a model that takes it."""

import collections

import torch
from pytree_styles import mix


class NamedStates(collections.OrderedDict):
    @property
    def keys_and_values(self):
        return self["keys"], self["values"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return mix(x, *cache.keys_and_values)


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(keys=leaves["cache.keys"], values=leaves["cache.values"])
