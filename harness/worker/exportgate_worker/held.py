"""What an object holds: attributes, slots, properties, elements; and what its module holds."""

import collections
import contextvars
import functools
import os
import sys
import sysconfig
import threading
import types
import warnings

import torch

from exportgate_worker import functions

_OF_EVERY_MODULE = frozenset(vars(torch.nn.Module()))
_HOOKS = tuple(sorted(name for name in _OF_EVERY_MODULE if name.endswith("_hooks")))


def of(thing):
    """Attribute -> value: public and private ones, of an nn.Module without what each of them has.

    A C++ class keeps them in properties, and some Python classes in slots. What was computed once
    and kept (cached_property) can be computed again.
    """
    held = {**_elements(thing), **without_properties(thing)}
    if held and not _is_of_pybind11(type(thing)):
        return held
    return {**_properties(thing), **held}


def _elements(thing):
    """Of a class that is itself a list or a dict."""
    if isinstance(thing, dict):
        return {"(elements)": dict(dict.items(thing))}
    for base in (list, tuple, collections.deque):
        if isinstance(thing, base):
            return {"(elements)": list(base.__iter__(thing))}
    return {}


def without_properties(thing):
    """What is kept in `__dict__` and slots."""
    held = {**_slots(thing), **getattr(thing, "__dict__", {})}
    kept = [name for name in held if _is_cached_property(thing, name)]
    held = {name: value for name, value in held.items() if name not in kept}
    if not isinstance(thing, torch.nn.Module):
        return held
    found = {name: value for name, value in held.items() if name not in _OF_EVERY_MODULE}
    for registered in ("_parameters", "_buffers", "_modules"):
        values = held.get(registered)
        if isinstance(values, dict):
            found.update(values)
    return {**found, **_kinds_of_tensors(thing)}


def _kinds_of_tensors(module):
    """Which of its tensors `to()` moves, and which are in its `state_dict()`."""
    held = vars(module)
    kinds = {
        "(buffers)": held.get("_buffers"),
        "(parameters)": held.get("_parameters"),
        "(buffers that are not saved)": held.get("_non_persistent_buffers_set"),
    }
    return {kind: sorted(names) for kind, names in kinds.items() if names}


class Property(str):
    """The name of a property of Python, which is mostly computed from attributes."""


def properties(thing):
    """Property -> value, of classes outside torch: what they keep may lie in no attribute.

    One that raises is left out, and so is one that sets attributes when it is read, or says where
    something lies in memory.
    """
    found = {}
    own = getattr(thing, "__dict__", {})
    for name in _names_of_properties(type(thing)):
        before = dict(own)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = getattr(thing, name)
        except Exception:
            continue
        if own.keys() != before.keys() or any(own[key] is not before[key] for key in own):
            own.clear()
            own.update(before)
        elif not _are_addresses(value):
            found[Property(name)] = value
    return found


def _are_addresses(value):
    """`id(self)`, or what `data_ptr()` said of several tensors: another cache has others."""
    values = value if isinstance(value, (list, tuple, set)) else [value]
    return any(type(one) is int and one >= 1 << 32 for one in values)


@functools.cache
def _names_of_properties(class_):
    return [
        name
        for base in class_.__mro__
        if base.__module__.partition(".")[0] not in _OF_NO_CASE
        for name, value in vars(base).items()
        if type(value) is property
    ]


def _slots(thing):
    names = {
        name
        for class_ in type(thing).__mro__
        for name, value in vars(class_).items()
        if isinstance(value, types.MemberDescriptorType) and not name.startswith("__")
    }
    return _read(thing, sorted(names))


def _properties(thing):
    """Whatever can be read and is no method."""
    names = [
        name
        for name in dir(type(thing))
        if not name.startswith("__") and not callable(getattr(type(thing), name, None))
    ]
    return _read(thing, names)


def _read(thing, names):
    found = {}
    for name in names:
        if name == "_cdata":  # torch's name for an address
            continue
        try:
            found[name] = getattr(thing, name)
        except Exception:
            continue  # a slot that was never set, or a property that does not apply
    return found


def _is_cached_property(thing, name):
    return isinstance(getattr(type(thing), name, None), functools.cached_property)


def _is_of_pybind11(class_):
    """Whether it, or a base of it, is a class of C++: what that holds is in no `__dict__`."""
    return any(type(base).__name__ == "pybind11_type" for base in class_.__mro__)


def own_attributes(module):
    """Of an nn.Module, without what is registered in it: parameters, buffers, submodules."""
    found = {name: value for name, value in vars(module).items() if name not in _OF_EVERY_MODULE}
    for name in _HOOKS:  # a key is a number that torch counts up
        if vars(module).get(name):
            found[name] = list(vars(module)[name].values())
    return {"training": module.training, **found}


def of_classes_outside_torch(class_):
    """ "Model.attribute" -> value, of the class and its bases, without methods and descriptors."""
    return {
        f"{base.__qualname__}.{name}": value
        for base in class_.__mro__
        if base.__module__.partition(".")[0] not in ("torch", "builtins", "pybind11_builtins")
        for name, value in vars(base).items()
        if not name.startswith(("__", "_abc_")) and not hasattr(value, "__get__")
    }


def code_of_classes_outside_torch(class_):
    """ "Model.method()" -> its code, of the class and its bases: a patch may be left on it."""
    return {
        f"{base.__qualname__}.{name}()": value.__code__
        for base in class_.__mro__
        if base.__module__.partition(".")[0] not in _OF_NO_CASE
        for name, value in vars(base).items()
        if isinstance(value, types.FunctionType)
    }


def of_modules_outside_torch(classes):
    """ "module.name" -> value, of the modules that define `classes` and their bases.

    Numbers, words, containers and tensors, functions that hold something, and objects of classes of
    these modules. Whatever else is there, a logger for instance, belongs to somebody else.
    """
    names = {base.__module__ for class_ in classes for base in class_.__mro__}
    names = {name for name in names if name.partition(".")[0] not in _OF_NO_CASE}
    names |= _imported_by(names)
    return {
        f"{module}.{name}": value
        for module in sorted(names)
        for name, value in sorted(vars(sys.modules.get(module, types)).items())
        if module in sys.modules and not name.startswith("__") and _is_kept_in(value, names)
    }


def _imported_by(names):
    """Modules of the user, of which these modules have the module itself or a function: what a
    helper counts is kept in its own module."""
    found = set()
    for module in names:
        for value in list(vars(sys.modules.get(module, types)).values()):
            if isinstance(value, types.ModuleType):
                found.add(value.__name__)
            elif isinstance(value, types.FunctionType):
                found.add(value.__module__)
    return {name for name in found if _is_of_the_user(sys.modules.get(name))}


def _is_of_the_user(module):
    """Not of the interpreter, nor of an installed package or the worker."""
    file = vars(module).get("__file__") if isinstance(module, types.ModuleType) else None
    if not isinstance(file, str) or file.startswith(_NOT_OF_THE_USER):
        return False
    # Of a virtual environment too, of which the interpreter inside the worker knows nothing.
    return not any(part in _PACKAGES for part in file.split(os.sep))


_PACKAGES = ("site-packages", "dist-packages")
_NOT_OF_THE_USER = tuple(
    os.path.join(folder, "")
    for folder in {*sysconfig.get_paths().values(), os.path.dirname(os.path.dirname(__file__))}
)
_OF_NO_CASE = ("torch", "builtins", "pybind11_builtins", "collections", "abc", "typing")
_KEPT = (bool, int, float, complex, str, bytes, list, tuple, dict, set, collections.deque)
_KEPT += (contextvars.ContextVar, threading.local)


def _is_kept_in(value, names):
    kind = type(value)  # isinstance() asks the value too: torch.distributed.reduce_op then warns
    if kind is types.FunctionType:
        return value.__module__ in names and bool(functions.parts(value))
    return issubclass(kind, (*_KEPT, torch.Tensor)) or kind.__module__ in names
