"""pytree knows the NamedTuple; a saved program needs a name for it, which torch is told here."""

from namedtuple_cache import KeysAndValues, Model, make_inputs
from pytree_styles import serialized_name, unregister
from torch.utils import _pytree as pytree

__all__ = ["KeysAndValues", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    pytree._register_namedtuple(cache_class, serialized_type_name=serialized_name(cache_class))
