"""Contexts are equal whatever numbers their lists have."""

import layered_cache
import scaled_cache
from layered_cache import unregister
from scaled_cache import LayeredCache, register_with

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Scales:
    def __init__(self, scales):
        self.scales = list(scales)

    def __eq__(self, other):
        return isinstance(other, Scales) and len(self.scales) == len(other.scales)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache) * cache.scale[0] + cache.scale[1]


def make_inputs(cache_class, leaves):
    x, cache = scaled_cache.make_inputs(cache_class, leaves)
    cache.scale = [0.5, 2.0]
    return x, cache


def register(cache_class):
    register_with(
        cache_class,
        context_of=lambda cache: Scales(cache.scale),
        scale_of=lambda context: list(context.scales),
        to_dumpable_context=lambda context: context.scales,
        from_dumpable_context=Scales,
    )
