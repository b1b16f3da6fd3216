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


class Model(torch.nn.Module):
    def forward(self, x, encoded, used, cache):
        def reuse(k, v, e):
            return k.clone(), v.clone()

        def compute(k, v, e):
            return e * 2.0, e * 3.0

        k, v = torch.cond(used, reuse, compute, (cache.keys, cache.values, encoded))
        return torch.softmax(x @ k.transpose(-1, -2), dim=-1) @ v


def make_inputs(cls, leaves):
    return (
        leaves["x"],
        leaves["encoded"],
        leaves["used"],
        cls(leaves["cache.keys"], leaves["cache.values"]),
    )
