"""A registration that loses nothing, for classes whose libraries register none.

Attributes with tensors are the children, each with its key. Attributes without are the context, a
list of what JSON knows, so that a saved program has them. `unflatten` makes an object without its
`__init__`, which would allocate new tensors, and gives it these very children. `unregister` undoes
all of it.
"""

import contextlib
import sys

import torch
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


def new_object(cache_class, attributes, derived=None):
    """An object of the class that has these attributes and was not initialised by it.

    `derived`: attributes that follow from the others, as functions of the object.
    """
    cache = cache_class.__new__(cache_class)
    if isinstance(cache, torch.nn.Module):
        torch.nn.Module.__init__(cache)
    for name, value in attributes.items():
        if isinstance(cache, torch.nn.Module) and isinstance(value, torch.Tensor):
            cache.register_buffer(name, value, persistent=False)
        else:
            setattr(cache, name, value)
    for name, value in (derived or {}).items():
        setattr(cache, name, value(cache))
    return cache


def register_attributes(cache_class, children, facts=(), derived=None):
    """`children`: names of attributes that hold tensors, or containers of them.

    `facts`: names of attributes that are the context. `derived`: see `new_object`.
    """

    def flatten(cache):
        return [getattr(cache, name) for name in children], [getattr(cache, n) for n in facts]

    def flatten_with_keys(cache):
        values, context = flatten(cache)
        keys = [pytree.GetAttrKey(name) for name in children]
        return list(zip(keys, values)), context

    def unflatten(values, context):
        attributes = dict(zip(facts, context))
        return new_object(cache_class, {**attributes, **dict(zip(children, values))}, derived)

    pytree.register_pytree_node(
        cache_class,
        flatten,
        unflatten,
        flatten_with_keys_fn=flatten_with_keys,
        serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}",
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _spec: flatten(cache)[0])


def register_named_tuple(cache_class):
    """pytree knows a NamedTuple; a saved program needs a name for it."""
    name = f"{cache_class.__module__}.{cache_class.__qualname__}"
    pytree._register_namedtuple(cache_class, serialized_type_name=name)


def unregister(*cache_classes):
    """Takes the classes out of every registry that torch keeps, from those that they are in."""
    for cache_class in cache_classes:
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
