"""The dims asked as a ShapesSpec; the key of each child is a mapping's."""

from pytree_styles import register_attributes, unregister
from states import Model, States, states
from torch.utils import _pytree as pytree

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]

NAMES = ["keys", "values"]


def make_inputs(cache_class, leaves):
    return leaves["x"], states(cache_class, leaves, "cache")


def flatten_with_keys(cache):
    return [(pytree.MappingKey(name), getattr(cache, name)) for name in NAMES], NAMES


def register(cache_class):
    register_attributes(cache_class, NAMES, flatten_with_keys_fn=flatten_with_keys)
