"""Each declared dim has a name of its own; that one follows from another, torch is told here."""

from masked_attention import Model, make_inputs
from pytree_styles import unregister
from states import States, register

__all__ = ["Model", "States", "dynamic_shapes", "make_inputs", "register", "unregister"]


def dynamic_shapes(asked, dims, style):
    """With named dims the mask is as long as the cache and one more; total is not asked for."""
    if style != "named":
        return asked
    return {**asked, "mask": {0: dims["batch"], 3: dims["length"] + 1}}
