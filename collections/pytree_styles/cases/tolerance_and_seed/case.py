"""Attention in float16: the operations that it is decomposed into round otherwise than it does."""

import torch
from pytree_styles import unregister
from states import States, register, states

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.project = torch.nn.Linear(16, 16, dtype=torch.float16)

    def forward(self, x, cache):
        attention = torch.nn.functional.scaled_dot_product_attention
        return attention(self.project(x), 4 * cache.keys, 16 * cache.values)


def make_inputs(cache_class, leaves):
    return leaves["x"], states(cache_class, leaves, "cache")
