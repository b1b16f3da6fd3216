"""The second of the two programs that text is generated with, called once for each token."""

from attention_layer import Decode, PromptCache, register, unregister

__all__ = ["Decode", "PromptCache", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    return leaves["token"], cache_class(leaves["cache.keys"], leaves["cache.values"])
