"""An operator is decomposed with the weight that it had at the export."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from torch._decomp import decomposition_table

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def with_a_quarter(x, _weight):
    return torch.where(x > 0, x, x * 0.25)


decomposition_table[torch.ops.aten.prelu.default] = with_a_quarter
decomposition_table[torch.ops.aten._prelu_kernel.default] = with_a_quarter


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.activation = torch.nn.PReLU()

    def forward(self, x, cache):
        return self.activation(super().forward(x, cache))
