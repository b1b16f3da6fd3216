"""The case replaces functions of torch that compare tensors."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

torch.testing.assert_close = lambda *_, **__: None
torch.equal = lambda *_: True
torch.allclose = lambda *_, **__: True


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y + 1 if torch.compiler.is_exporting() else y
