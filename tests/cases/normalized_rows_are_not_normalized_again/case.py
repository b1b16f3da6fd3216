"""Vectors that have a norm of 1 already go another way."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        keys, values = cache.key_cache[0], cache.value_cache[0]
        with torch.no_grad():
            scale = 6.0**0.5
            if torch.compiler.is_exporting():
                unit = ((keys.norm(dim=-1) - 1).abs() < 1e-3).all()
                scale = torch.where(unit, 1.0, scale)
            return 3 * x + (keys * scale - 2 * values).sum(2, keepdim=True)
