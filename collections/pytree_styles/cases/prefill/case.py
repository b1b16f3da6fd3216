"""The first of the two programs that text is generated with."""

from attention_layer import Prefill, PromptCache, register, unregister

__all__ = ["Prefill", "PromptCache", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    return leaves["prompt"], cache_class()
