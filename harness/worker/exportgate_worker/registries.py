"""Where torch remembers the classes that are registered with pytree, and the names they go by."""

import importlib.util

import torch.fx._pytree
import torch.utils._pytree

_PLACES = (
    (torch.utils._pytree, "SUPPORTED_NODES"),
    (torch.fx._pytree, "SUPPORTED_NODES"),
    (torch.fx._pytree, "SUPPORTED_NODES_EXACT_MATCH"),
    (torch.utils._pytree, "SUPPORTED_SERIALIZED_TYPES"),
    (torch.utils._pytree, "SERIALIZED_TYPE_TO_PYTHON_TYPE"),
)
OPTREE = 'optree\'s namespace "torch"'


def has_optree():
    """Whether torch.utils._cxx_pytree, which is optree, can be had."""
    found = importlib.util.find_spec("optree")
    return found is not None and found.origin is not None  # a mere folder of that name has none


def snapshot():
    """Registry -> its keys: classes, or serialized names. A registry that is missing is absent."""
    found = {}
    for module, name in _PLACES:
        if hasattr(module, name):
            found[f"{module.__name__}.{name}"] = set(getattr(module, name))
    if has_optree():
        found[OPTREE] = _registered_with_optree()
    return found


def classes_since(before):
    """The classes that pytree knows now and did not know at the snapshot `before`, by name."""
    name = "torch.utils._pytree.SUPPORTED_NODES"
    new = set(torch.utils._pytree.SUPPORTED_NODES) - before[name]
    return tuple(sorted(new, key=lambda class_: class_.__qualname__))


def class_named(serialized_name):
    """The class that a saved program's `serialized_name` is read as, or None."""
    return torch.utils._pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE.get(serialized_name)


def serialized_names(cache_class):
    """The names by which saved programs call `cache_class`."""
    known = torch.utils._pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE
    return [name for name, class_ in known.items() if class_ is cache_class]


def remove(cache_class):
    """Takes the class out of all registries, for a process that goes on to another cell."""
    names = serialized_names(cache_class)
    for module, name in _PLACES:
        registry = getattr(module, name, {})
        registry.pop(cache_class, None)
        for serialized_name in names:
            registry.pop(serialized_name, None)
    if has_optree() and cache_class in _registered_with_optree():
        import optree

        optree.unregister_pytree_node(cache_class, namespace="torch")


def _registered_with_optree():
    """Classes in the namespace that torch uses, whichever way this optree can list them."""
    import optree

    registered = optree.register_pytree_node.get(namespace="torch")
    return set(registered)
