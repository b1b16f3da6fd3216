"""The model doubles its output under autocast, the program does not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return 2 * y if torch.is_autocast_enabled("cpu") else y
