"""A frozen dataclass of two tensors and a number. The number is part of the context.

The context is a tuple, which JSON does not have: it says itself how it is saved and loaded.
"""

from windowed_cache import Model, WindowedCache, make_inputs, register_windowed, unregister

__all__ = ["WindowedCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    register_windowed(
        cache_class,
        to_dumpable_context=list,
        from_dumpable_context=tuple,
    )
