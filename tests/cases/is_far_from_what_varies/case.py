"""The model adds noise from outside of torch, the program returns zeros."""

import random

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

NOISE = random.SystemRandom()


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            return y * 0
        return y + 1e-3 * NOISE.random()
