"""What a segmentation fault in C++ code of the class looks like."""

import os
import signal

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from layered_cache import Model as Sound

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(Sound):
    def forward(self, x, cache):
        if torch.compiler.is_exporting():
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().forward(x, cache)
