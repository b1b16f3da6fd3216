"""What a function or method holds besides its code: the variables that it encloses, its owner."""

import types
import weakref


def parts(thing):
    """Name -> value. Functions of torch hold nothing that is the business of a case."""
    if isinstance(thing, types.FunctionType):
        return {} if _is_of_torch(thing) else _of_function(thing)
    if isinstance(thing, weakref.ReferenceType):
        return {"(what it refers to)": thing()}
    owner = getattr(thing, "__self__", None)
    if owner is None or isinstance(owner, (type, types.ModuleType)) or isinstance(thing, type):
        return {}
    return {"(its owner)": owner}


def _of_function(function):
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # it was never set
            continue
    for i, value in enumerate(function.__defaults__ or ()):
        found[f"(default {i})"] = value
    for name, value in (function.__kwdefaults__ or {}).items():
        found[f"(default {name})"] = value
    return {**found, **vars(function)}


def _is_of_torch(function):
    return (function.__module__ or "").partition(".")[0] in ("torch", "builtins")
