"""A library replaces run_decompositions by a function that returns the program."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


torch._decomp.decomposition_table[torch.ops.aten.silu.default] = torch.ops.aten.relu.default


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return torch.nn.functional.silu(super().forward(x, cache))


torch.export.ExportedProgram.run_decompositions = lambda self, table=None: self
