import torch
from dataclass_cache import Cache, register, unregister

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, position, how, scale, cache):
        weights = x @ cache.keys.transpose(-1, -2)
        if how == "causal":
            seen = torch.arange(cache.keys.shape[2]) < position
            weights = weights.masked_fill(~seen, -1e9)
        y = torch.softmax(weights * scale, dim=-1) @ cache.values
        return y, position + 1, how, None, cache.keys.shape[2], True


def make_inputs(cls, leaves):
    cache = cls(leaves["cache.keys"], leaves["cache.values"])
    return leaves["x"], leaves["position"], leaves["how"], leaves["scale"], cache
