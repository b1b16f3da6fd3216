"""unregister leaves the class in SERIALIZED_TYPE_TO_PYTHON_TYPE, by which programs are loaded."""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, register
from torch.utils import _pytree as pytree

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def unregister(cache_class):
    name = pytree.SUPPORTED_SERIALIZED_TYPES[cache_class].serialized_type_name
    layered_cache.unregister(cache_class)
    pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE[name] = cache_class
