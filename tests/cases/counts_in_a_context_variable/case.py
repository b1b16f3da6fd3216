"""The model counts its calls in a context variable."""

import contextvars

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


CALLS = contextvars.ContextVar("calls", default=0)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            CALLS.set(CALLS.get() + 1)
        return super().forward(x, cache)
