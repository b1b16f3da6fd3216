"""The model leaves a hook of autograd on its output."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if y.requires_grad and not torch.compiler.is_exporting():
            y.register_hook(lambda _: None)
        return y
