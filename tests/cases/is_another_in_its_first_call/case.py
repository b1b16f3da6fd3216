"""The model is another one in its first call, and the program is that one."""

import layered_cache
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def __init__(self):
        super().__init__()
        self.computed = {}

    def forward(self, x, cache):
        y = super().forward(x, cache)
        if not self.computed.get(0, False):
            self.computed[0] = True
            return y * 2
        return y
