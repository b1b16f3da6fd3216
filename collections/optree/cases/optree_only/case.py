"""optree knows the class in the namespace "torch", where torch's own registering puts classes too.

torch.export flattens with torch.utils._pytree, which has a registry of its own.
"""

import optree
from one_layer import Model, States, flatten, make_inputs, unflatten_into

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


def register(cache_class):
    optree.register_pytree_node(
        cache_class,
        lambda cache: (*flatten(cache), flatten(cache)[1]),  # children, context, their names
        lambda names, children: unflatten_into(cache_class, names, children),
        namespace="torch",
    )


def unregister(cache_class):
    optree.unregister_pytree_node(cache_class, namespace="torch")
