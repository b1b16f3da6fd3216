"""The program computes in float32 what the model computes in float64."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            return super().forward(x, cache)
        keys, values = cache.key_cache[0].float(), cache.value_cache[0].float()
        return (3 * x.float() + (keys - 2 * values).sum(2, keepdim=True)).double()
