"""Right: eager keeps scores of attention in float32; decomposed, they are rounded to bfloat16."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = torch.nn.LayerNorm(6, dtype=torch.bfloat16)

    def forward(self, x, cache):
        query = self.norm(x * torch.arange(1, 7, dtype=x.dtype).sin())
        keys, values = cache.key_cache[0], cache.value_cache[0]
        return torch.nn.functional.scaled_dot_product_attention(query, keys, values)
