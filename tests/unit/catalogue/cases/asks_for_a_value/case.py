"""Which branch is taken is not known before the program runs."""

from layered_cache import LayeredCache, make_inputs, register, unregister
from layered_cache import Model as Sound

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(Sound):
    def forward(self, x, cache):
        return super().forward(x, cache) if x.sum().item() > 0 else x
