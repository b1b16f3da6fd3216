"""An operator writes into the keys, and its schema says that it does not."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


@torch.library.custom_op("exportgate_planted::add_to_keys", mutates_args=())
def add_to_keys(keys: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    keys.add_(x.sum())
    return keys.amax((0, 1, 2))


@add_to_keys.register_fake
def _(keys, x):
    return keys.new_empty(6)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache), add_to_keys(cache.key_cache[0], x)
