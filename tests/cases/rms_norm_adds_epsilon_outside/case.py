"""The exported RMSNorm adds its epsilon to the root, eager under it."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        keys, values = cache.key_cache[0], cache.value_cache[0]
        with torch.no_grad():
            square = keys.pow(2).mean(-1, keepdim=True)
            if torch.compiler.is_exporting():
                normed = keys / (square.sqrt() + 1e-6)
            else:
                normed = keys * torch.rsqrt(square + 1e-6)
        return 3 * x - values.sum(2, keepdim=True), normed
