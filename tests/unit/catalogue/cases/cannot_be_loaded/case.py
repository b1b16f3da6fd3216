"""The program is saved, and nobody can read its context."""

from layered_cache import (
    LayeredCache,
    Model,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unregister,
)

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    register_for_pytree(
        cache_class,
        to_dumpable_context=lambda context: {"names": context},
        from_dumpable_context=lambda dumped: dumped["name"],
    )
    register_for_fx(cache_class)
