"""The check `registry`: after the case's unregistering, torch knows nothing of the class."""

import torch.fx._pytree
import torch.utils._pytree

REGISTRIES = (
    (torch.utils._pytree, "SUPPORTED_NODES"),
    (torch.fx._pytree, "SUPPORTED_NODES"),
    (torch.fx._pytree, "SUPPORTED_NODES_EXACT_MATCH"),
)


def reasons_against(subject):
    """Unregisters the class; names the registries in which it stays."""
    subject.unregister()
    return [
        f"stays in {module.__name__}.{name}"
        for module, name in REGISTRIES
        if subject.cache_class in getattr(module, name, {})
    ]


def remove(cache_class):
    """Takes the class out of all registries, for a process that goes on to another cell."""
    for module, name in REGISTRIES:
        getattr(module, name, {}).pop(cache_class, None)
