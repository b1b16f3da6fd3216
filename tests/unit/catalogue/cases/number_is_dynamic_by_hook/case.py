"""The hook asks for a dynamic number, and case.toml declares a constant one."""

import torch
from layered_cache import LayeredCache, filled, register, unregister
from layered_cache import Model as Layers

__all__ = ["LayeredCache", "Model", "dynamic_shapes", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, position, cache):
        return Layers()(x, cache) + torch.arange(7).less(position)[:, None]


def make_inputs(cache_class, leaves):
    return leaves["x"], leaves["position"], filled(cache_class(), leaves)


def dynamic_shapes(asked, dims, style):
    asked["position"] = torch.export.Dim.DYNAMIC
    return asked
