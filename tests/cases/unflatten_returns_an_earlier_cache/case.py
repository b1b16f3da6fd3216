"""unflatten fills one and the same cache again and again."""

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
    only = cache_class()

    def unflatten(children, context):
        for name, child in zip(context, children):
            setattr(only, name, child)
        return only

    register_for_pytree(cache_class, unflatten_fn=unflatten)
    register_for_fx(cache_class)
