"""Imports a package that is nowhere."""

import exportgate_no_such_package
from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = [
    "LayeredCache",
    "Model",
    "exportgate_no_such_package",
    "make_inputs",
    "register",
    "unregister",
]
