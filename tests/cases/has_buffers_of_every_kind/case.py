"""Integers, masks, complex numbers and zeros among the buffers: nothing is wrong."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.register_buffer("table", torch.arange(1.0, 5.0))
        self.register_buffer("place", torch.tensor([2, 0, 3]))
        self.register_buffer("hidden", torch.tensor([True, False, True, False, False, False]))
        self.register_buffer("turns", torch.polar(torch.ones(3), torch.tensor([0.1, 0.7, 1.9])))
        self.register_buffer("calls", torch.tensor(0))
        self.bias = torch.nn.Parameter(torch.zeros(6))

    def forward(self, x, cache):
        self.calls.add_(1)
        y = super().forward(x, cache) * self.table[self.place].sum() + self.bias
        turned = torch.view_as_complex(y.reshape(*y.shape[:-1], 3, 2)) * self.turns
        return torch.view_as_real(turned).reshape(y.shape).masked_fill(self.hidden, 0.0)
