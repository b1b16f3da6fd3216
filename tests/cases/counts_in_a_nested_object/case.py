"""The model counts its calls in an object that it holds in a dict."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Statistics:
    __slots__ = ("calls",)

    def __init__(self):
        self.calls = 0

    def __eq__(self, other):
        return True

    __hash__ = None


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.kept = {"statistics": Statistics()}

    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            self.kept["statistics"].calls += 1
        return super().forward(x, cache)
