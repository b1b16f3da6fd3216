"""Contexts are equal whatever their scales are."""

from layered_cache import unregister
from scaled_cache import LayeredCache, Model, make_inputs, register_with

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Scale:
    def __init__(self, scale):
        self.scale = scale

    def __eq__(self, other):
        return isinstance(other, Scale)


def register(cache_class):
    register_with(
        cache_class,
        context_of=lambda cache: Scale(cache.scale),
        scale_of=lambda context: context.scale,
        to_dumpable_context=lambda context: context.scale,
        from_dumpable_context=Scale,
    )
