"""unregister leaves the class in torch.utils._pytree.SUPPORTED_NODES."""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, register
from torch.utils import _pytree as pytree

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def unregister(cache_class):
    node = pytree.SUPPORTED_NODES[cache_class]
    layered_cache.unregister(cache_class)
    pytree.SUPPORTED_NODES[cache_class] = node
