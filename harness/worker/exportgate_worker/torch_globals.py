"""What torch and Python keep for the whole process and a call may leave otherwise."""

import builtins
import operator
import os
import types

import torch

from exportgate_worker import settings

_VARIABLES = "os.environ"
# Whose functions somebody may have replaced.
_PATCHED = "functions of torch"
_NAMESPACES = {
    "torch": torch,
    "torch.nn.functional": torch.nn.functional,
    "torch.compiler": torch.compiler,
    "torch.Tensor": torch.Tensor,
    "torch.nn.Module": torch.nn.Module,
    "builtins": builtins,
}
_UNSET = "unset"
_OTHERS = ("as they were", "others")
_FILES_OF_TORCH = os.path.join(os.path.dirname(torch.__file__), "")
# An eager call may be the first that compiles something, and torch sets some of its own for that.
_OF_TORCH = ("TORCH", "PYTORCH", "TRITON", "KMP_")


def now():
    """Name -> value."""
    return {setting.name: setting.read() for setting in settings.ALL} | {
        _VARIABLES: dict(_variables()),
        _PATCHED: {name: dict(vars(space)) for name, space in _NAMESPACES.items()},
    }


def _variables():
    # Its own dict: os.environ decodes each variable anew.
    return getattr(os.environ, "_data", os.environ)


def _changed_variables(before, after):
    """Name -> (value before, value after), None where it is not set."""
    if before == after:
        return {}
    return {
        name: (before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name) and not os.fsdecode(name).startswith(_OF_TORCH)
    }


def changes(before):
    """Name -> (value before, value now) of those that are not as they were."""
    changed = {}
    for setting in settings.ALL:
        found = setting.read()
        if found != before[setting.name]:
            shown = (before[setting.name], found) if setting.is_shown else _OTHERS
            changed[setting.name] = shown
    for space, name in _patched(before[_PATCHED]):
        if not _is_a_wrapper_of_torch(vars(_NAMESPACES[space]).get(name)):
            changed[f"{space}.{name}"] = ("torch's", "another function")
    for space, name in _added(before[_PATCHED]):
        changed[f"{space}.{name}"] = (_UNSET, "set")
    for name, values in _changed_variables(before[_VARIABLES], _variables()).items():
        words = tuple(_UNSET if value is None else os.fsdecode(value) for value in values)
        changed[f"os.environ[{os.fsdecode(name)!r}]"] = words
    return changed


def _patched(before):
    """(namespace, name) of the functions that are others now."""
    return [
        (space, name)
        for space, members, after in _changed_namespaces(before)
        for name, member in members.items()
        if callable(member) and after.get(name) is not member
    ]


def _added(before):
    """(namespace, name) of what is new or another value now. What torch imports late is its own."""
    return [
        (space, name)
        for space, members, after in _changed_namespaces(before)
        for name, member in after.items()
        if not name.startswith("__")  # torch's own marks
        and member is not members.get(name, _UNSET)
        and not callable(members.get(name))
        and not isinstance(member, types.ModuleType)
        and not _is_of_torch(member)
    ]


def _changed_namespaces(before):
    """Nearly always they are as they were, and each call asks."""
    for space, members in before.items():
        after = vars(_NAMESPACES[space])
        if not _are_the_same(members, after):
            yield space, members, after


def _is_of_torch(member):
    module = getattr(member, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] == "torch"


def _is_a_wrapper_of_torch(member):
    """As those that count modules once something was compiled: nobody patched them."""
    code = getattr(member, "__code__", None)
    return (
        isinstance(member, types.FunctionType)
        and "<locals>" in member.__qualname__
        and code.co_filename.startswith(_FILES_OF_TORCH)
    )


def _are_the_same(members, others):
    """The same names with the same objects, in one order."""
    return (
        len(members) == len(others)
        and all(map(operator.is_, members.values(), others.values()))
        and list(members) == list(others)
    )


def restore(before):
    for space, name in _patched(before[_PATCHED]):
        setattr(_NAMESPACES[space], name, before[_PATCHED][space][name])
    for space, name in _added(before[_PATCHED]):
        if name in before[_PATCHED][space]:
            setattr(_NAMESPACES[space], name, before[_PATCHED][space][name])
        else:
            delattr(_NAMESPACES[space], name)
    for setting in settings.ALL:
        if setting.read() != before[setting.name]:
            setting.write(before[setting.name])
    for name, (value, _) in _changed_variables(before[_VARIABLES], _variables()).items():
        if value is None:
            del os.environ[os.fsdecode(name)]
        else:
            os.environ[os.fsdecode(name)] = os.fsdecode(value)
