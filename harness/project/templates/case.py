"""A cache class, a model that takes it, and its pytree functions. It runs as it is.

Replace 1 to 4 by yours, then say in case.toml which tensors they take. What several cases share
goes into a file beside their folders (cases/shared.py), which each can import.
"""

import torch
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


class MyCache:  # 1. Your class, written here or imported: from my_package import MyCache
    def __init__(self, keys, values):
        self.keys = keys
        self.values = values


class Model(torch.nn.Module):  # 2. The model that is exported, made without arguments.
    def forward(self, query, cache):
        weights = torch.softmax(query @ cache.keys.transpose(-1, -2), dim=-1)
        return weights @ cache.values


def make_inputs(cache_class, leaves):
    """3. What the model is called with. `leaves` has a tensor for each name in case.toml."""
    return leaves["query"], cache_class(leaves["cache.keys"], leaves["cache.values"])


# 4. How your library registers the class. Tensors are children; what else unflatten needs to make
# the same object again goes into the context, as lists, strings and numbers.


def flatten(cache):
    return [cache.keys, cache.values], None


def flatten_with_keys(cache):
    names = (pytree.GetAttrKey("keys"), pytree.GetAttrKey("values"))
    children, context = flatten(cache)
    return list(zip(names, children)), context


def register(cache_class):
    pytree.register_pytree_node(
        cache_class,
        flatten,
        lambda children, context: cache_class(*children),
        flatten_with_keys_fn=flatten_with_keys,
        serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}",
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, spec: flatten(cache)[0])


def unregister(cache_class):
    """Undoes it all: the check `registry` says what is left."""
    pytree._deregister_pytree_node(cache_class)
    fx_pytree.SUPPORTED_NODES.pop(cache_class, None)
    fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class, None)
