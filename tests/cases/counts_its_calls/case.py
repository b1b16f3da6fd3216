"""The model counts its calls."""

import layered_cache
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x, cache):
        self.calls += 1
        return super().forward(x, cache)
