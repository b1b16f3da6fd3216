import torch
from dataclass_cache import Cache, make_inputs, register, unregister

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        k = cache.keys
        if k.shape[0] * k.shape[2] <= 120:
            k = k + 1
        return torch.softmax(x @ k.transpose(-1, -2), dim=-1) @ cache.values
