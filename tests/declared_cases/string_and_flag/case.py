import torch
from dataclass_cache import Cache, register, unregister
from dataclass_cache import make_inputs as inputs_of

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


def make_inputs(cls, leaves):
    return *inputs_of(cls, leaves), leaves["how"], leaves["negate"]


class Model(torch.nn.Module):
    def forward(self, x, cache, how, negate):
        y = torch.softmax(x @ cache.keys.transpose(-1, -2), -1) @ cache.values
        y = y * 2 if how == "doubled" else y
        return -y if negate else y
