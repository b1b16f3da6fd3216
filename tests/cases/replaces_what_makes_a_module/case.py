"""A library replaces what makes a module of a program by one that returns the model."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return 2 * y if torch.compiler.is_exporting() else y


torch.export.ExportedProgram.module = lambda self, check_guards=True: Model()
