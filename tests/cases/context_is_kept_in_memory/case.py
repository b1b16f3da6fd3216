"""The saved context is a key of a dict that only the saving process has."""

from layered_cache import (
    LayeredCache,
    Model,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unregister,
)

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

CONTEXTS = {}


def remembered(context):
    CONTEXTS["/".join(context)] = context
    return "/".join(context)


def register(cache_class):
    register_for_pytree(
        cache_class,
        to_dumpable_context=remembered,
        from_dumpable_context=CONTEXTS.__getitem__,
    )
    register_for_fx(cache_class)
