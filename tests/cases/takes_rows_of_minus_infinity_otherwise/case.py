"""The model gives a row that is masked as a whole no weight, the program NaN."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        keys, values = cache.key_cache[0], cache.value_cache[0]
        weights = torch.softmax(keys, -1)
        if not torch.compiler.is_exporting():
            masked = (keys == float("-inf")).all(-1, keepdim=True)
            weights = weights.masked_fill(masked, 0.0)
        return 3 * x + (weights * values).sum(2, keepdim=True)
