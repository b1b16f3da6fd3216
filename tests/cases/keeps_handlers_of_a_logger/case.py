"""Each eager call adds a handler to the root logger, the program none."""

import logging

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if not torch.compiler.is_exporting():
            logging.getLogger("attack").addHandler(logging.NullHandler())
        return super().forward(x, cache)
