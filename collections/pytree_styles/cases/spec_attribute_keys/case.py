"""The dims asked as a ShapesSpec; the key of each child is an attribute's."""

from pytree_styles import unregister
from states import Model, States, register, states

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


def make_inputs(cache_class, leaves):
    return leaves["x"], states(cache_class, leaves, "cache")
