"""unflatten takes the oldest of its caches, once there are nine, in place of a new one."""

from collections import deque

from grow import LayeredCache, Model, make_inputs, unregister
from layered_cache import register_for_fx, register_for_pytree

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    handed_out = deque()

    def unflatten(children, context):
        cache = handed_out.popleft() if len(handed_out) == 9 else cache_class()
        for name, child in zip(context, children):
            setattr(cache, name, child)
        handed_out.append(cache)
        return cache

    register_for_pytree(cache_class, unflatten_fn=unflatten)
    register_for_fx(cache_class)
