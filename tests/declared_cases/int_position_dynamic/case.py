import torch
from dataclass_cache import Cache, register, unregister

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, position, cache):
        w = x @ cache.keys.transpose(-1, -2)
        seen = torch.arange(cache.keys.shape[2]) < position
        return torch.softmax(w.masked_fill(~seen, -1e9), dim=-1) @ cache.values


def make_inputs(cls, leaves):
    return leaves["x"], leaves["position"], cls(leaves["cache.keys"], leaves["cache.values"])
