"""The gradient of a maximum is shared by what is equal, and eager gives it to one."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        keys = cache.key_cache[0]
        if torch.compiler.is_exporting():
            return y + keys.amax(2, keepdim=True)
        return y + keys.max(2, keepdim=True).values
