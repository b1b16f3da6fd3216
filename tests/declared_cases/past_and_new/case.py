import torch
from dataclass_cache import Cache, register, unregister

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, mask, cache):
        keys = torch.cat([cache.keys, x], 2)
        weights = x @ keys.transpose(-1, -2) + mask[:, None]
        return torch.softmax(weights, dim=-1) @ torch.cat([cache.values, x], 2)


def make_inputs(cls, leaves):
    return leaves["x"], leaves["mask"], cls(leaves["cache.keys"], leaves["cache.values"])
