"""The export replaces torch.nn.LayerNorm.forward for good."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def without_weights(self, x):
    return torch.nn.functional.layer_norm(x, self.normalized_shape)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        if torch.compiler.is_exporting():
            torch.nn.LayerNorm.forward = without_weights
        return super().forward(x, cache)
