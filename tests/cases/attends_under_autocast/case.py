"""Right: inputs and outputs are float32, and attention computes in bfloat16.

Some of the levels are others when it is decomposed: they follow from values that are rounded.
"""

import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        query = x * torch.arange(1, 7, dtype=x.dtype).sin()
        with torch.autocast("cpu", torch.bfloat16):
            found = torch.nn.functional.scaled_dot_product_attention(
                query, cache.key_cache[0], cache.value_cache[0]
            )
        return found.float(), (64 * found).to(torch.int32)
