"""A ring of eight positions that counts what it has seen, for the defects that only a loop shows.

The class is `Ring` in every case. `position(seen)` says where the next position is written.
"""

import torch
from exportgate_case import CacheBase
from layered_cache import fx_pytree, pytree, register_for_pytree, unregister

__all__ = ["Model", "Ring", "make_inputs", "register", "unregister"]

NAMES = ["keys", "values", "seen"]
SIZE = 8


class Ring(CacheBase):
    def __init__(self):
        super().__init__()
        self.keys = self.values = self.seen = None


class Model(torch.nn.Module):
    """Attention to what is in the ring. A new position goes where the oldest one was."""

    def place(self, seen):
        return seen % SIZE

    def count(self, seen):
        return seen + 1

    def visible(self, seen):
        return torch.arange(SIZE) < seen

    def result(self, attended, _seen):
        return attended

    def forward(self, x, cache):
        place = self.place(cache.seen)
        cache.keys.index_copy_(2, place, x)
        cache.values.index_copy_(2, place, 2 * x)
        cache.seen.copy_(self.count(cache.seen))
        scores = x @ cache.keys.transpose(2, 3)
        scores = scores.masked_fill(~self.visible(cache.seen), float("-inf"))
        return self.result(torch.softmax(scores, dim=-1) @ cache.values, cache.seen)


def make_inputs(cache_class, leaves):
    cache = cache_class()
    for name in NAMES:
        setattr(cache, name, leaves[f"cache.{name}"])
    return leaves["x"], cache


def flatten(cache):
    return [getattr(cache, name) for name in NAMES], NAMES


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(pytree.GetAttrKey(name), child) for name, child in zip(context, children)], context


def register(cache_class):
    register_for_pytree(cache_class, flatten_fn=flatten, flatten_with_keys_fn=flatten_with_keys)
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: flatten(cache)[0])
