"""No class at all: the model takes a list of tuples, as models did before there were caches."""

import torch
from pytree_styles import mix

Layers = list


class Model(torch.nn.Module):
    def forward(self, x, layers):
        for keys, values in layers:
            x = mix(x, keys, values)
        return x


def make_inputs(cache_class, leaves):
    x, *states = leaves.values()
    return x, cache_class(zip(states[::2], states[1::2]))


def register(cache_class):
    pass


def unregister(cache_class):
    pass
