"""Two layers in every kind. The C++ class brings its own flatten and unflatten.

All kinds flatten into the same children, a list of the keys and one of the values, with the same
context, so what they cost can be compared.
"""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    if not hasattr(cache_class, "flatten"):
        layered_cache.register(cache_class)
        return
    layered_cache.register_for_pytree(
        cache_class, flatten_fn=cache_class.flatten, unflatten_fn=cache_class.unflatten
    )
    layered_cache.register_for_fx(cache_class)
