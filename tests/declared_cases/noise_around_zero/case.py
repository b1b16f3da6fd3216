import torch
from dataclass_cache import Cache, make_inputs, register, unregister

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    """What is 0 in exact arithmetic is some noise here: nobody may ask for it to the last bit."""

    def forward(self, x, cache):
        weights = torch.softmax(x @ cache.keys.transpose(-1, -2), -1)
        zero = weights.sum(-1) - 1.0
        return weights @ cache.values, weights * 1e-6, zero
