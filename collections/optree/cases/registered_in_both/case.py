"""torch.utils._pytree is told, and tells optree, where that is installed.

unregister knows of both; the check `pytree` flattens with both.
"""

import optree
from one_layer import Model, States, flatten, make_inputs, unflatten_into
from torch.fx import _pytree as fx_pytree
from torch.utils import _cxx_pytree  # noqa: F401 - from here on torch tells optree at once
from torch.utils import _pytree as pytree

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(pytree.GetAttrKey(name), child) for name, child in zip(context, children)], context


def register(cache_class):
    pytree.register_pytree_node(
        cache_class,
        flatten,
        lambda children, names: unflatten_into(cache_class, names, children),
        flatten_with_keys_fn=flatten_with_keys,
        serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}",
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _spec: flatten(cache)[0])


def unregister(cache_class):
    del fx_pytree.SUPPORTED_NODES[cache_class]
    del fx_pytree.SUPPORTED_NODES_EXACT_MATCH[cache_class]
    del pytree.SUPPORTED_NODES[cache_class]
    name = pytree.SUPPORTED_SERIALIZED_TYPES.pop(cache_class).serialized_type_name
    del pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE[name]
    optree.unregister_pytree_node(cache_class, namespace="torch")
