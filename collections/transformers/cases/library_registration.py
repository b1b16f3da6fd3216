"""The library's own registrations of cache classes with pytree. Neither can be undone by it.

`stock`: what its ExecuTorch integration registers, DynamicCache alone. `exporter`: what its
exporters (transformers.exporters) register, any object with attributes. For every class of its own
that the library would register, `register_*` is called as the library calls it.
"""

from registration import unregister
from transformers.exporters.exporter_dynamo import register_pytree_node
from transformers.integrations.executorch import register_dynamic_cache_export_support

__all__ = ["register_exporter", "register_stock", "unregister"]


def register_stock(_cache_class):
    register_dynamic_cache_export_support()


def register_exporter(cache_class):
    register_pytree_node(cache_class)
