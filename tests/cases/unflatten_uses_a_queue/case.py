"""Unflatten takes the scale of the cache that was flattened first and not yet unflattened."""

from layered_cache import unregister
from scaled_cache import LayeredCache, Model, make_inputs, register_with

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

waiting = []


def context_of(cache):
    waiting.append(cache.scale)
    return ["key_cache", "value_cache"]


def register(cache_class):
    register_with(
        cache_class, context_of, scale_of=lambda context: waiting.pop() if waiting else 1.0
    )
