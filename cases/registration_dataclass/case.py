"""The cache is a dataclass, and torch.export.register_dataclass is all that registers it."""

import dataclasses

import torch
from layered_cache import LayeredCache, Model, make_inputs, unregister

__all__ = ["DataclassCache", "Model", "make_inputs", "register", "unregister"]


@dataclasses.dataclass(eq=False)  # without eq it keeps the hash that an nn.Module needs
class DataclassCache(LayeredCache):
    key_cache: list = dataclasses.field(default_factory=list)
    value_cache: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        super(LayeredCache, self).__init__()


def register(cache_class):
    torch.export.register_dataclass(
        cache_class, serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}"
    )
