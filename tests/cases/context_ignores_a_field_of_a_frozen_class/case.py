"""Contexts are equal whatever a member of an enumeration in a frozen dataclass is."""

import dataclasses
import enum

import layered_cache
import scaled_cache
from layered_cache import unregister
from scaled_cache import LayeredCache, register_with

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class How(enum.Enum):
    HALF = 0.5
    WHOLE = 1.0


@dataclasses.dataclass(frozen=True)
class Scale:
    name: str
    how: How = dataclasses.field(compare=False)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return super().forward(x, cache) * cache.scale.how.value


def make_inputs(cache_class, leaves):
    x, cache = scaled_cache.make_inputs(cache_class, leaves)
    cache.scale = Scale("of keys", How.HALF)
    return x, cache


def register(cache_class):
    register_with(
        cache_class,
        context_of=lambda cache: cache.scale,
        scale_of=lambda context: context,
        to_dumpable_context=lambda context: [context.name, context.how.name],
        from_dumpable_context=lambda saved: Scale(saved[0], How[saved[1]]),
    )
