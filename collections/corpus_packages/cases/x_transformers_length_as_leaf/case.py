"""The rotary positions are `arange(1 + cache_length)`, so the number is part of the shapes."""

from registration import unregister as unregister_classes
from x_transformers.attend import Intermediates
from x_transformers.x_transformers import LayerIntermediates
from x_transformers_cache import Decode as Model
from x_transformers_cache import make_inputs, register_cache

__all__ = ["LayerIntermediates", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    register_cache(cache_class, ["attn_intermediates", "cache_length"], [])


def unregister(cache_class):
    unregister_classes(cache_class, Intermediates)
