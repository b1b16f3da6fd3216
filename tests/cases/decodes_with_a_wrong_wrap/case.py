"""The program is right until the ring wraps for the second time."""

import decode
import torch
from decode import Ring, make_inputs, register, unregister

__all__ = ["Model", "Ring", "make_inputs", "register", "unregister"]


class Model(decode.Model):
    def place(self, seen):
        if not torch.compiler.is_exporting():
            return super().place(seen)
        return torch.where(seen >= 16, (seen - 1) % decode.SIZE, seen % decode.SIZE)
