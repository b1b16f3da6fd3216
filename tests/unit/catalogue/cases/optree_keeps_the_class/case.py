"""The recipe's pops, then the class once more, where optree is installed: it has it still."""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, unregister
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    layered_cache.register(cache_class)
    pytree.SUPPORTED_NODES.pop(cache_class)
    fx_pytree.SUPPORTED_NODES.pop(cache_class)
    fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class)
    layered_cache.register(cache_class)
