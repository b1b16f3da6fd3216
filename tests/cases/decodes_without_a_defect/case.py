"""Nothing is wrong here: what finds the defects of the others finds nothing."""

import decode
import torch
from decode import Ring, make_inputs, register, unregister

__all__ = ["Model", "Ring", "make_inputs", "register", "unregister"]


class Model(decode.Model):
    def result(self, attended, _seen):
        return torch.tanh(attended)
