"""The model counts its calls in a default argument."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, log=[]):  # noqa: B006
        if not torch.compiler.is_exporting():
            log.append(1)
        return super().forward(x, cache)
