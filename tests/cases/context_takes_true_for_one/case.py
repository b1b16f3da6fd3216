"""A context has 1, which is equal to True, and the model tells them apart."""

import layered_cache
import scaled_cache
from layered_cache import unregister
from scaled_cache import LayeredCache, register_with

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache) * (0.5 if cache.scale is True else cache.scale)


def make_inputs(cache_class, leaves):
    x, cache = scaled_cache.make_inputs(cache_class, leaves)
    cache.scale = 1
    return x, cache


def register(cache_class):
    register_with(
        cache_class,
        context_of=lambda cache: [cache.scale],
        scale_of=lambda context: context[0],
    )
