"""The fake kernel of an operator forgets that the real one drops the first step."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


@torch.library.custom_op("exportgate_planted::without_the_first", mutates_args=())
def without_the_first(keys: torch.Tensor) -> torch.Tensor:
    return keys[:, :, 1:].amax(3)


@without_the_first.register_fake
def _(keys):
    return keys.new_empty(keys.shape[:3])


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache), without_the_first(cache.key_cache[0])
