"""unregister leaves the class in torch.fx._pytree.SUPPORTED_NODES."""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, register
from torch.fx import _pytree as fx_pytree

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def unregister(cache_class):
    spec = fx_pytree.SUPPORTED_NODES[cache_class]
    layered_cache.unregister(cache_class)
    fx_pytree.SUPPORTED_NODES[cache_class] = spec
