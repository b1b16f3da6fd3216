"""Parameters of random values, a buffer, one that is not saved, and a count of the calls."""

import torch
from pytree_styles import mix, unregister
from states import States, register, states

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.project = torch.nn.Linear(6, 6)
        self.register_buffer("scale", torch.linspace(0.5, 2, 6))
        self.register_buffer("offset", torch.arange(6.0), persistent=False)
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))

    def forward(self, x, cache):
        self.calls.add_(1)
        y = mix(x, self.project(cache.keys), cache.values * self.scale + self.offset)
        return y * self.calls


def make_inputs(cache_class, leaves):
    return leaves["x"], states(cache_class, leaves, "cache")
