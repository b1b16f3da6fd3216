"""The check run says of infinities what steps says of another fault, in the same words."""

import grow
import torch
from grow import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(grow.Model):
    def result(self, attended, cache):
        if not torch.compiler.is_exporting():
            return attended + 0 * attended
        length = torch.ones(1) * cache.key_cache[0].shape[2]
        return attended + torch.where((length > 13) & (length < 16), 0.5, 0.0)
