"""The model adds to the keys in place as declared, the exported program does not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if torch.compiler.is_exporting():
            added = cache.key_cache[0] + 1
            return 3 * x + (added - 2 * cache.value_cache[0]).sum(2, keepdim=True)
        cache.key_cache[0].add_(1)
        return super().forward(x, cache)
