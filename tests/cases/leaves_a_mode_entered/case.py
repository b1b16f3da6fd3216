"""The model leaves a mode entered that changes nothing."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Nothing(torch.overrides.TorchFunctionMode):
    def __torch_function__(self, function, types, arguments=(), keywords=None):
        return function(*arguments, **(keywords or {}))


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            Nothing().__enter__()
        return super().forward(x, cache)
