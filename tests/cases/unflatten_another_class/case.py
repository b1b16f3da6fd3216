"""unflatten makes an instance of another class, which has the same attributes."""

from layered_cache import (
    LayeredCache,
    Model,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unflatten_into,
    unregister,
)

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class OtherCache(LayeredCache):
    pass


def register(cache_class):
    def unflatten(children, context):
        return unflatten_into(OtherCache, children, context)

    register_for_pytree(cache_class, unflatten_fn=unflatten)
    register_for_fx(cache_class)
