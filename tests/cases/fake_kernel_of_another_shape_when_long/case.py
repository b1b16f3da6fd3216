"""The fake kernel does not know that the operator returns 64 positions at most."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


@torch.library.custom_op("exportgate_planted::newest", mutates_args=())
def newest(keys: torch.Tensor) -> torch.Tensor:
    return keys[:, :, -64:].clone()


@newest.register_fake
def _(keys):
    return torch.empty_like(keys)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache), newest(cache.key_cache[0]).amax((1, 2))
