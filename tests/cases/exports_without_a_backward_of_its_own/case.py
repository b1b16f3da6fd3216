"""The model has a backward of its own that clips at 50, the program has not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Clipped(torch.autograd.Function):
    @staticmethod
    def forward(_context, x):
        return x.clone()

    @staticmethod
    def backward(_context, gradient):
        return gradient.clamp(-50, 50)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y.clone() if torch.compiler.is_exporting() else Clipped.apply(y)
