"""The model leaves a hook on its parameter in each call."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor([0.5]))

    def forward(self, x, cache):
        y = super().forward(x, cache)
        if not torch.compiler.is_exporting():
            self.weight.register_hook(lambda _: None)
        return y
