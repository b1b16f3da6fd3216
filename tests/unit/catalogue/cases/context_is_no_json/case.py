"""The context is comparable, but json.dumps() does not take it: the program cannot be saved."""

import torch
from layered_cache import (
    LayeredCache,
    Model,
    flatten,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unflatten_into,
    unregister,
)
from torch.utils import _pytree as pytree

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def with_dtype(cache):
    children, names = flatten(cache)
    return children, [names, torch.float32]


def with_dtype_and_keys(cache):
    children, context = with_dtype(cache)
    return [(pytree.MappingKey(key), child) for key, child in zip(context[0], children)], context


def register(cache_class):
    register_for_pytree(
        cache_class,
        flatten_fn=with_dtype,
        unflatten_fn=lambda children, context: unflatten_into(cache_class, children, context[0]),
        flatten_with_keys_fn=with_dtype_and_keys,
    )
    register_for_fx(cache_class)
