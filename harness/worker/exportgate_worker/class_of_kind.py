"""The cache class as a kind of cells has it, and the base that makes the kind.

A class that a case writes for exportgate derives from CacheBase, which is what the kind makes it. A
class that is there already is `as_is`; as `module` and `rebased` it is derived from.
"""

import torch

from exportgate_worker.errors import CaseError

BASE_MODULE = "exportgate_case"  # where case.py gets CacheBase from


class PlainBase:
    """What CacheBase is unless the kind makes it a module."""


PlainBase.__module__ = BASE_MODULE


def cache_base(kind):
    return torch.nn.Module if kind in ("module", "rebased") else PlainBase


class KindOfClass:
    """`cache_class`, and for the kind `rebased` the bases that it gets in the end."""

    def __init__(self, cache_class, final_bases=None):
        self.cache_class = cache_class
        self._final_bases = final_bases

    def rebase(self):
        """The class, registered and instantiated, stops being an nn.Module."""
        if self._final_bases is not None:
            self.cache_class.__bases__ = self._final_bases


def as_kind(module, class_name, kind):
    """The class that `module` has under that name, as `kind` has it.

    CaseError where it cannot be: `plain` of a class that does not derive from CacheBase, or where
    Python cannot make it a module.
    """
    found = getattr(module, class_name)
    if not isinstance(found, type):
        raise CaseError(f"{class_name} of case.py is no class but a {type(found).__qualname__}")
    if kind == "as_is":
        return KindOfClass(found)
    if issubclass(found, cache_base(kind)):
        return KindOfClass(found, (PlainBase,) if kind == "rebased" else None)
    if kind == "plain":
        raise CaseError(
            f"{class_name} does not derive from CacheBase, so its kind is as_is, not plain"
        )
    return _derived(module, found, class_name, kind)


def _derived(module, base, class_name, kind):
    """A class of the same name that is `base` and nn.Module.

    It takes the place of `base` in `module`, where strict mode looks it up.
    """

    has_init = base.__init__ is not object.__init__  # tuples take all that they get in __new__

    def __init__(self, *args, **kwargs):
        if isinstance(self, torch.nn.Module):  # no longer where the class was rebased
            torch.nn.Module.__init__(self)
        if has_init:  # by super, as a person writes it: Dynamo of 2.10 does not trace base.__init__
            super(derived, self).__init__(*args, **kwargs)

    members = {"__init__": __init__, "__module__": module.__name__, "__qualname__": class_name}
    try:
        derived = type(base)(class_name, (base, torch.nn.Module), members)
    except TypeError as error:
        raise CaseError(f"{class_name} cannot be an nn.Module as well: {error}") from error
    setattr(module, class_name, derived)
    return KindOfClass(derived, (base,) if kind == "rebased" else None)
