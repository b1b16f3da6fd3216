"""The model clips gradients at 50 by a hook, the program does not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        x = 1.0 * x
        if x.requires_grad and not torch.compiler.is_exporting():
            x.register_hook(lambda gradient: gradient.clamp(-50, 50))
        return super().forward(x, cache)
