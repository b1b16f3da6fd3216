"""model(x, local=..., far=...) of forward(x, **caches)."""

import torch
from exportgate_case import Inputs
from pytree_styles import unregister
from states import States, register, states

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, **caches):
        return caches["local"].mixed_with(x) - 2 * caches["far"].mixed_with(x)


def make_inputs(cache_class, leaves):
    caches = {name: states(cache_class, leaves, name) for name in ("local", "far")}
    return Inputs(leaves["x"], **caches)
