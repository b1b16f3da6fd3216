"""model(cache=..., x=...), where forward has x first: torch keeps the order of the call."""

import torch
from exportgate_case import Inputs
from pytree_styles import unregister
from states import States, register, states

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return cache.mixed_with(x)


def make_inputs(cache_class, leaves):
    return Inputs(cache=states(cache_class, leaves, "cache"), x=leaves["x"])
