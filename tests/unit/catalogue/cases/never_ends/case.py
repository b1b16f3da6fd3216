"""Runs into the cell's time limit."""

import time

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from layered_cache import Model as Sound

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(Sound):
    def forward(self, x, cache):
        while torch.compiler.is_exporting():
            time.sleep(1)
        return super().forward(x, cache)
