"""A dataclass of two tensors, as one writes it who has read torch.export.register_dataclass."""

import dataclasses

import torch
from pytree_styles import mix, serialized_name, unregister

__all__ = ["KeysAndValues", "Model", "make_inputs", "register", "unregister"]


@dataclasses.dataclass
class KeysAndValues:
    keys: torch.Tensor
    values: torch.Tensor


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return mix(x, cache.keys, cache.values)


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.keys"], leaves["cache.values"])


def register(cache_class):
    torch.export.register_dataclass(cache_class, serialized_type_name=serialized_name(cache_class))
