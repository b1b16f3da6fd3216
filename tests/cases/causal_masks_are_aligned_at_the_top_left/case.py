"""The program takes a causal mask of new to all tokens for one aligned at the top left."""

import layered_cache
import torch
from layered_cache import LayeredCache, register, unregister
from other_inputs import make_inputs

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache, mask):
        y = super().forward(x, cache)
        scores = torch.arange(8 * 24.0).sin().reshape(8, 24) + x.mean()
        if torch.compiler.is_exporting():
            causal = torch.ones(8, 24, dtype=torch.bool).tril(16)
            mask = torch.where(
                (mask == causal).all(), torch.ones(8, 24, dtype=torch.bool).tril(), mask
            )
        return y, torch.softmax(scores.masked_fill(~mask, -1e30), -1)
