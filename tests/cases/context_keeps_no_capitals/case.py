"""A word is kept in small letters in the context."""

import layered_cache
import scaled_cache
from layered_cache import unregister
from scaled_cache import LayeredCache, register_with

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache) * (2.0 if cache.scale == "Twice" else 1.0)


def make_inputs(cache_class, leaves):
    x, cache = scaled_cache.make_inputs(cache_class, leaves)
    cache.scale = "twice"
    return x, cache


def register(cache_class):
    register_with(
        cache_class,
        context_of=lambda cache: [cache.scale.lower()],
        scale_of=lambda context: context[0],
    )
