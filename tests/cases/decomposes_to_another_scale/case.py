"""An operator whose registered decomposition scales by 2% less: no rounding explains that."""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from torch._decomp import decomposition_table

__all__ = ["LayeredCache", "make_inputs", "register", "unregister"]


def scaled_less(x):
    return x * torch.sigmoid(x) * 0.98


decomposition_table[torch.ops.aten.silu.default] = scaled_less


class Model(torch.nn.Module):
    def forward(self, x, cache):
        query = x * torch.arange(1, 7, dtype=x.dtype).sin()
        found = torch.nn.functional.scaled_dot_product_attention(
            query, cache.key_cache[0], cache.value_cache[0]
        )
        return torch.nn.functional.silu(found)
