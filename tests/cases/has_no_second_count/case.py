"""The model is right, and what counts up is at its highest value in the first call."""

import torch
from layered_cache import LayeredCache, filled, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    return leaves["x"], leaves["position"], filled(cache_class(), leaves)


class Model(torch.nn.Module):
    def forward(self, x, position, cache):
        written = LayeredCache()
        written.key_cache = [keys.index_copy(2, position, x) for keys in cache.key_cache]
        written.value_cache = [one.index_copy(2, position, 2 * x) for one in cache.value_cache]
        weights = torch.softmax(x @ written.key_cache[0].transpose(2, 3), dim=-1)
        return weights @ written.value_cache[0], written
