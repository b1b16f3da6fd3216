"""The length is in the context: a static program turns other lengths away for their structure."""

from layered_cache import unregister
from scaled_cache import LayeredCache, Model, make_inputs, register_with

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    register_with(
        cache_class,
        context_of=lambda cache: [cache.scale, cache.key_cache[0].shape[2]],
        scale_of=lambda context: context[0],
    )
