"""From the third chunk of frames on, all places hold tensors."""

from diffusers_wan import Caches, make_inputs, register, unregister
from diffusers_wan import Decode as Model

__all__ = ["Caches", "Model", "make_inputs", "register", "unregister"]
