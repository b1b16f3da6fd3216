"""What the cases of this collection share: how a class is registered and taken out of torch's
registries again, and what a model does with keys and values.

A case.py imports from here what is not its own point.
"""

import contextlib
import sys

from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


def mix(x, keys, values):
    """Keys and values count differently, so that what is swapped shows."""
    return 3 * x + (keys - 2 * values).sum(2, keepdim=True)


def register_attributes(cache_class, names, **instead):
    """Registers a class whose children are its attributes `names`, and whose context they are.

    It is made again with these as its arguments. `instead`: arguments of register_pytree_node that
    are others than usual.
    """

    def flatten(cache):
        return [getattr(cache, name) for name in names], list(names)

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        return [(pytree.GetAttrKey(name), child) for name, child in zip(names, children)], context

    usual = {
        "flatten_fn": flatten,
        "unflatten_fn": lambda children, context: cache_class(**dict(zip(context, children))),
        "flatten_with_keys_fn": flatten_with_keys,
        "serialized_type_name": serialized_name(cache_class),
    }
    arguments = {**usual, **instead}
    pytree.register_pytree_node(cache_class, **arguments)
    fx_pytree.register_pytree_flatten_spec(
        cache_class, lambda cache, _spec: arguments["flatten_fn"](cache)[0]
    )


def serialized_name(cache_class):
    return f"{cache_class.__module__}.{cache_class.__qualname__}"


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
