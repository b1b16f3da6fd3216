"""What the cases of this collection share: a class is registered, and taken out of torch's
registries again.
"""

import contextlib
import sys

import torch
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


def attended(queries, keys, values, is_valid):
    """Attention of `queries` to those places in keys and values that `is_valid` is true of."""
    weights = (queries @ keys.transpose(2, 3)).masked_fill(~is_valid, -torch.inf)
    return weights.softmax(-1) @ values


def register_attributes(cache_class, names):
    """Registers a class whose children are its attributes `names`, and whose context they are."""

    def flatten(cache):
        return [getattr(cache, name) for name in names], list(names)

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        return [(pytree.GetAttrKey(name), child) for name, child in zip(names, children)], context

    pytree.register_pytree_node(
        cache_class,
        flatten,
        lambda children, context: cache_class(**dict(zip(context, children))),
        flatten_with_keys_fn=flatten_with_keys,
        serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}",
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _spec: flatten(cache)[0])


def unregister(cache_class):
    """Takes the class out of every registry that torch keeps, from those that it is in."""
    for registry in (
        fx_pytree.SUPPORTED_NODES,
        fx_pytree.SUPPORTED_NODES_EXACT_MATCH,
        pytree.SUPPORTED_NODES,
        pytree.SUPPORTED_SERIALIZED_TYPES,
    ):
        registry.pop(cache_class, None)
    names = pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE
    for name in [name for name, known in names.items() if known is cache_class]:
        del names[name]
    # Where optree is installed, torch registers classes there too, or will once it imports it.
    pending = getattr(pytree, "_cxx_pytree_pending_imports", [])
    pending[:] = [(args, keywords) for args, keywords in pending if args[0] is not cache_class]
    if optree := sys.modules.get("optree"):
        with contextlib.suppress(ValueError):  # it is not registered there
            optree.unregister_pytree_node(cache_class, namespace="torch")
