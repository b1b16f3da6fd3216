"""The model counts its calls in an attribute, and the export is one of them."""

from layered_cache import LayeredCache, make_inputs, register, unregister
from layered_cache import Model as Layers

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(Layers):
    calls = 0

    def forward(self, x, cache):
        self.calls += 1
        return super().forward(x, cache)
