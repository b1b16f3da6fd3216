"""The program computes a variance as a difference of squares."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        keys, values = cache.key_cache[0], cache.value_cache[0]
        with torch.no_grad():
            mean = keys.mean(-1, keepdim=True)
            if torch.compiler.is_exporting():
                var = ((keys * keys).mean(-1, keepdim=True) - mean * mean).clamp(min=0)
            else:
                var = (keys - mean).pow(2).mean(-1, keepdim=True)
            normed = (keys - mean) * torch.rsqrt(var + 1e-5)
        return 3 * x - values.sum(2, keepdim=True), normed
