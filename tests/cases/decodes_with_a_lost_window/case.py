"""The program forgets its window after fourteen positions."""

import decode
import torch
from decode import Ring, make_inputs, register, unregister

__all__ = ["Model", "Ring", "make_inputs", "register", "unregister"]


class Model(decode.Model):
    def visible(self, seen):
        everything = super().visible(seen)
        if not torch.compiler.is_exporting():
            return everything
        return everything & ((seen < 14) | (torch.arange(decode.SIZE) < 6))
