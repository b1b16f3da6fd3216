"""The check run says of large values what steps says of another fault, in the same words."""

import grow
import torch
from grow import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(grow.Model):
    def result(self, attended, cache):
        if not torch.compiler.is_exporting():
            return attended
        length = torch.ones(1) * cache.key_cache[0].shape[2]
        return torch.nan_to_num(attended) + torch.where(length == 14, 0.25, 0.0)
