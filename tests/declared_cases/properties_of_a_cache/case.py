from dataclasses import dataclass

import torch
from dataclass_cache import make_inputs as inputs_of
from dataclass_cache import register, unregister

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


@dataclass
class Cache:
    keys: torch.Tensor
    values: torch.Tensor

    @property
    def length(self):
        return self.keys.shape[2]

    @property
    def address(self):
        return id(self)

    @property
    def pointers(self):
        return [self.keys.data_ptr(), self.values.data_ptr()]

    @property
    def mask(self):
        if "made" not in vars(self):
            self.made = torch.ones(3)
        return self.made

    @property
    def broken(self):
        raise ValueError("not for this cache")


def make_inputs(cls, leaves):
    x, cache = inputs_of(cls, leaves)
    x.tag = "query"
    return x, cache


class Model(torch.nn.Module):
    def forward(self, x, cache):
        y = torch.softmax(x @ cache.keys.transpose(-1, -2), -1) @ cache.values
        return y + cache.length, cache
