"""MyCache of my_package.caches: a model that takes it, and its pytree functions.

It runs as it is, and says what is missing; the TODOs are what only you know. What several cases
share goes into a file beside their folders (cases/shared.py), which each can import.
"""

import torch
from my_package.caches import MyCache
from torch.utils import _pytree as pytree

__all__ = ["MyCache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    """Depends on every tensor of the cache. TODO: call your model, made without arguments."""

    def forward(self, x, cache):
        return x + sum(leaf.sum() for leaf in pytree.tree_leaves(cache))


def make_inputs(cache_class, leaves):
    """What the model is called with. `leaves` has a tensor for each name in case.toml."""
    cache = cache_class()  # TODO: make and fill it as your code does, with tensors of `leaves`
    return leaves["x"], cache


def register(cache_class):
    if cache_class in pytree.SUPPORTED_NODES:
        return  # importing the library registered it
    # TODO: call what the library has for that, or pytree.register_pytree_node with a flatten and an
    # unflatten: the case.py that `exportgate init NAME` writes without --class shows one.
    raise NotImplementedError("MyCache is not registered with pytree: case.py has to register it")


def unregister(cache_class):
    """TODO: undo what `register` did; what importing the library registered stays."""
