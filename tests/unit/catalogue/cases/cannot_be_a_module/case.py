"""A class of a library as it is, from which nn.Module cannot be derived as well."""

from layered_cache import Model, filled, register, unregister

__all__ = ["Model", "Sealed", "make_inputs", "register", "unregister"]


class Sealed:
    def __init__(self):
        self.key_cache = []
        self.value_cache = []

    def __init_subclass__(cls):
        raise TypeError("a Sealed is not derived from")


def make_inputs(cache_class, leaves):
    return leaves["x"], filled(cache_class(), leaves)
