"""The dims are asked for as they are declared, one independent of the other."""

from masked_attention import Model, make_inputs
from pytree_styles import unregister
from states import States, register

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]
