"""A string among tensors: it decides which branch the block takes, and a tensor takes its place."""

from diffusers_wan import Caches, make_inputs, register, unregister
from diffusers_wan import Decode as Model

__all__ = ["Caches", "Model", "make_inputs", "register", "unregister"]
