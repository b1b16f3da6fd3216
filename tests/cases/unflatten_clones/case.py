"""unflatten puts clones of the tensors into the cache."""

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


def register(cache_class):
    def unflatten(children, context):
        clones = [[tensor.clone() for tensor in layers] for layers in children]
        return unflatten_into(cache_class, clones, context)

    register_for_pytree(cache_class, unflatten_fn=unflatten)
    register_for_fx(cache_class)
