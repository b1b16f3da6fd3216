"""The program loses count after twelve positions."""

import decode
import torch
from decode import Ring, make_inputs, register, unregister

__all__ = ["Model", "Ring", "make_inputs", "register", "unregister"]


class Model(decode.Model):
    def count(self, seen):
        counted = super().count(seen)
        return counted.clamp(max=12) if torch.compiler.is_exporting() else counted
