"""What an object holds, and how two objects differ in it."""

import functools
import types
import weakref

import torch

_OF_EVERY_MODULE = frozenset(vars(torch.nn.Module()))


def of(thing):
    """Attribute -> value: public and private ones, without what every nn.Module has.

    A C++ class keeps them in properties, and some Python classes in slots. What was computed once
    and kept (cached_property) can be computed again.
    """
    held = {**_slots(thing), **getattr(thing, "__dict__", {})} or _properties(thing)
    kept = [name for name in held if _is_cached_property(thing, name)]
    held = {name: value for name, value in held.items() if name not in kept}
    found = {name: value for name, value in held.items() if name not in _OF_EVERY_MODULE}
    for registered in ("_parameters", "_buffers", "_modules"):
        values = held.get(registered)
        if isinstance(thing, torch.nn.Module) and isinstance(values, dict):
            found.update(values)
    return found


def copied(value):
    """`value` with containers of its own, but the same tensors and other objects in them."""
    if type(value) in (list, tuple):
        return type(value)(copied(element) for element in value)
    if type(value) is dict:
        return {key: copied(element) for key, element in value.items()}
    return value


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


def differences(before, after, met=None):
    """Reasons, one for each attribute (or part of a container) that is not what it was.

    `met`: the pairs of objects that are being compared already: one may hold what holds it.
    """
    found = []
    met = set() if met is None else met
    for name, value in before.items():
        if name not in after:
            found.append(f"attribute {name} is lost")
        else:
            found += _compare(f"attribute {name}", value, after[name], met)
    found += [f"attribute {name} appears" for name in after if name not in before]
    return found


def _compare(place, one, other, met):
    pair = id(one), id(other)
    if one is other or pair in met:
        return []
    met.add(pair)
    found = _differences_of(place, one, other, met)
    met.remove(pair)  # the same pair at another place is another difference
    return found


def _differences_of(place, one, other, met):
    if type(one) is not type(other):
        return [f"{place}: {_shown(one)} before, {_shown(other)} after"]
    if isinstance(one, torch.Tensor):
        return [] if _same_values(one, other) else [f"{place}: another tensor"]
    if isinstance(one, (list, tuple)):
        if len(one) != len(other):
            return [f"{place}: {len(one)} elements before, {len(other)} after"]
        return [
            reason
            for i, pair in enumerate(zip(one, other))
            for reason in _compare(f"{place}[{i}]", *pair, met)
        ]
    if isinstance(one, dict):
        if list(one) != list(other):
            return [f"{place}: keys {list(one)} before, {list(other)} after"]
        return [
            reason
            for key in one
            for reason in _compare(f"{place}[{key!r}]", one[key], other[key], met)
        ]
    if isinstance(one, _OF_ITS_OWNER):
        # Another cache has another such, which is the same in all but whose it is.
        equal = _whose(one) == _whose(other)
        return [] if equal else [f"{place}: {_shown(one)} before, {_shown(other)} after"]
    if type(one).__eq__ is object.__eq__:
        return [f"{place}, {reason}" for reason in differences(of(one), of(other), met)]
    try:
        equal = bool(one == other) or (one != one and other != other)  # NaN
    except Exception:
        equal = False
    return [] if equal else [f"{place}: {_shown(one)} before, {_shown(other)} after"]


# A method of the cache, or a reference to it.
_OF_ITS_OWNER = (types.MethodType, types.BuiltinMethodType, weakref.ReferenceType)


def _whose(thing):
    """All of a method or weak reference but which object it is of."""
    if isinstance(thing, weakref.ReferenceType):
        return type(thing())
    return type(thing.__self__), thing.__name__


def _same_values(one, other):
    # A leaf that is not the same tensor is reported as lost identity.
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return torch.equal(one, other) or torch.allclose(one, other, rtol=0, atol=0, equal_nan=True)


def _shown(value):
    if isinstance(value, (bool, int, float, str, type(None))):
        return repr(value)
    return f"a {type(value).__qualname__}"
