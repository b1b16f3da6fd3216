"""What an object holds: attributes, slots, properties, elements; and what its module holds."""

import collections
import contextvars
import datetime
import functools
import os
import sys
import sysconfig
import threading
import types
import warnings
import weakref

import torch

from exportgate_worker import functions, plain_values

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
    something lies in memory. What is another value each time, as of a clock, is
    `ANOTHER_EACH_TIME`.
    """
    found = {}
    own = getattr(thing, "__dict__", {})
    for name in _names_of_properties(type(thing)):
        before = dict(own)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = getattr(thing, name)
                again = getattr(thing, name)
        except Exception:
            continue
        if own.keys() != before.keys() or any(own[key] is not before[key] for key in own):
            own.clear()
            own.update(before)
        elif not _are_addresses(value):
            found[Property(name)] = value if _are_equal(value, again) else ANOTHER_EACH_TIME
    return found


class _AnotherEachTime:
    """Stands for a value that nobody can read twice."""


ANOTHER_EACH_TIME = _AnotherEachTime()


def _are_equal(value, again):
    """Of plain values. Whatever else it is, what it holds is compared elsewhere."""
    if type(value) not in _COMPARED_BY_VALUE or type(value) is not type(again):
        return True
    return value == again or value != value


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
    return _read(thing, _names_of_slots(type(thing)))


@functools.cache  # a class gets its slots when it is made
def _names_of_slots(class_):
    names = {
        name
        for base in class_.__mro__
        for name, value in vars(base).items()
        if isinstance(value, types.MemberDescriptorType) and not name.startswith("__")
    }
    return sorted(names)


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
        f"{name_of_base}.{name}": value
        for base, name_of_base in _bases(class_)
        for name, value in _of_class(base).items()
    }


def _bases(class_):
    """(class, its name), of the class and its bases outside torch. A base that is called as a class
    before it is told apart by its module."""
    found, names = [], set()
    for base in class_.__mro__:
        if base.__module__.partition(".")[0] not in _OF_NO_CASE:
            is_new = base.__qualname__ not in names
            found.append((base, base.__qualname__ if is_new else _with_module(base)))
            names.add(base.__qualname__)
    return found


def _with_module(class_):
    return f"{class_.__module__}.{class_.__qualname__}"


def _of_class(class_):
    return {
        name: value
        for name, value in vars(class_).items()
        if not name.startswith(("__", "_abc_")) and not _is_code(value)
    }


def _is_code(value):
    """A method, or a descriptor that is not of the user: a slot, a property."""
    if not hasattr(type(value), "__get__"):
        return False
    return type(value) not in _KEPT and not _is_of_the_user(sys.modules.get(type(value).__module__))


def code_of_classes_outside_torch(class_):
    """ "Model.method()" -> its code, of the class and its bases: a patch may be left on it. Or the
    method itself, where it holds something."""
    return {
        name: function if functions.parts(function) else function.__code__
        for name, function in methods_of_classes_outside_torch(class_).items()
    }


def methods_of_classes_outside_torch(class_):
    """ "Model.method()" -> the function, of the class and its bases."""
    return {
        f"{name_of_base}.{name}()": function
        for base, name_of_base in _bases(class_)
        for name, value in vars(base).items()
        if isinstance(function := _unbound(value), types.FunctionType)
    }


def _unbound(value):
    return value.__func__ if isinstance(value, (staticmethod, classmethod)) else value


def of_modules_outside_torch(classes):
    """ "module.name" -> value, of the modules that define `classes` and their bases.

    Numbers, words, containers and tensors, functions that hold something, objects and attributes of
    classes of these modules, and networks. Whatever else is there, a logger for instance, belongs
    to somebody else.
    """
    seen_already = {base for class_ in classes for base in class_.__mro__}
    names = {base.__module__ for base in seen_already}
    names = {name for name in names if name.partition(".")[0] not in _OF_NO_CASE}
    names |= _imported_by(names)
    found = {}
    for module in sorted(names & sys.modules.keys()):
        for name, value in sorted(vars(sys.modules[module]).items()):
            if name.startswith("__"):
                continue
            if isinstance(value, type):
                if value.__module__ == module and value not in seen_already:
                    own = _of_class(value)
                    found.update({f"{_with_module(value)}.{key}": own[key] for key in own})
            elif _is_kept_in(value, names):
                found[f"{module}.{name}"] = value
    return found


def _imported_by(names):
    """Modules of the user, of which these modules have the module itself, a function or a class,
    and so on: what a helper counts is kept in its own module."""
    found, rest = set(), list(names)
    while rest:
        for value in list(vars(sys.modules.get(rest.pop(), types)).values()):
            if isinstance(value, types.ModuleType):
                name = value.__name__
            elif isinstance(value, (types.FunctionType, type)):
                name = value.__module__
            else:
                continue
            if name not in found and _is_of_the_user(sys.modules.get(name)):
                found.add(name)
                rest.append(name)
    return found


def _is_of_the_user(module):
    """Not of the interpreter, nor of an installed package or the worker."""
    file = vars(module).get("__file__") if isinstance(module, types.ModuleType) else None
    return type(file) is str and _is_file_of_the_user(file)


@functools.cache
def _is_file_of_the_user(file):
    if file.startswith(_NOT_OF_THE_USER):
        return False
    # Of a virtual environment too, of which the interpreter inside the worker knows nothing.
    return not any(part in _PACKAGES for part in file.split(os.sep))


_PACKAGES = ("site-packages", "dist-packages")
_NOT_OF_THE_USER = tuple(
    os.path.join(folder, "")
    for folder in {*sysconfig.get_paths().values(), os.path.dirname(os.path.dirname(__file__))}
)
_COMPARED_BY_VALUE = (bool, int, float, complex, str, bytes, datetime.datetime)
_OF_NO_CASE = ("torch", "builtins", "pybind11_builtins", "collections", "abc", "typing")
_KEPT = (bool, int, float, complex, str, bytes, list, tuple, dict, set, collections.deque)
_KEPT += (contextvars.ContextVar, threading.local, types.SimpleNamespace, *plain_values.KINDS)
_KEPT += (weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet)


def _is_kept_in(value, names):
    kind = type(value)  # isinstance() asks the value too: torch.distributed.reduce_op then warns
    if kind is types.FunctionType:
        return value.__module__ in names and bool(functions.parts(value))
    kept = (*_KEPT, torch.Tensor, torch.nn.Module)
    return issubclass(kind, kept) or kind.__module__ in names
