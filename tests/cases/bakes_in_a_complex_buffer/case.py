"""The program turns by angles that it was exported with."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.register_buffer("turns", torch.polar(torch.ones(3), torch.tensor([0.1, 0.7, 1.9])))

    def forward(self, x, cache):
        angles = torch.tensor([0.1, 0.7, 1.9])
        known = torch.polar(torch.ones(3), angles)
        turns = known if torch.compiler.is_exporting() else self.turns
        y = super().forward(x, cache)
        turned = torch.view_as_complex(y.reshape(*y.shape[:-1], 3, 2)) * turns
        return torch.view_as_real(turned).reshape(y.shape)
