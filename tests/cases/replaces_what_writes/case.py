"""The case replaces functions with which results are written, and the print of a program."""

import json

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

json.dumps = lambda *_, **__: "{}"
torch.export.ExportedProgram.__str__ = lambda _: "a program"


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y + 1 if torch.compiler.is_exporting() else y
