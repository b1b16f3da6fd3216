"""The program writes into the cache, then refuses what the model refuses at once."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if torch.compiler.is_exporting():
            y = self.written(x, cache)
            torch._assert_async((x.abs() < 100).all(), "x is too large")
            return y
        if not (x.abs() < 100).all():
            raise ValueError("x is too large")
        return self.written(x, cache)

    def written(self, x, cache):
        y = super().forward(x, cache)
        cache.key_cache[0].add_(1.0)
        return y
