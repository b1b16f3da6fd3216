"""The library's own registrations of cache classes with pytree. Neither can be undone by it.

`stock`: what its ExecuTorch integration registers, DynamicCache alone. `exporter`: what its
exporters (transformers.exporters) register, any object with attributes.
"""

from hf_registration import unregister
from transformers.integrations.executorch import register_dynamic_cache_export_support

__all__ = ["register_exporter", "register_stock", "unregister"]


def register_stock(_cache_class):
    register_dynamic_cache_export_support()


def register_exporter(cache_class):
    # Imported here: releases before 5.20 have no exporters.
    from transformers.exporters.exporter_dynamo import register_pytree_node

    register_pytree_node(cache_class)
