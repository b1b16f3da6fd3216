"""The export patches a method of the model."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def as_it_is(model, y):
    return y


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        y = self.bounded(y)
        if torch.compiler.is_exporting():
            Model.bounded = as_it_is
        return y

    def bounded(self, y):
        return y.clamp(-1e3, 1e3)
