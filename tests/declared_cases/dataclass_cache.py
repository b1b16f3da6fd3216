"""What these cases share: a cache that is a dataclass, and how it is registered."""

from dataclasses import dataclass

import torch
from torch.utils import _pytree as pytree


@dataclass
class Cache:
    keys: torch.Tensor
    values: torch.Tensor


def register(cls):
    torch.export.register_dataclass(cls, serialized_type_name=f"{cls.__module__}.Cache")


def unregister(cls):
    pytree._deregister_pytree_node(cls)


def make_inputs(cls, leaves):
    return leaves["x"], cls(leaves["cache.keys"], leaves["cache.values"])
