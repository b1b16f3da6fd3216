"""What an object holds, and how two objects differ in it."""

import torch

_OF_EVERY_MODULE = frozenset(vars(torch.nn.Module()))


def of(thing):
    """Attribute -> value: public and private ones, without what every nn.Module has.

    A C++ class keeps them in properties.
    """
    held = getattr(thing, "__dict__", None) or _properties(thing)
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


def _properties(thing):
    """Slots and properties; whatever else can be read and is no method."""
    found = {}
    for name in dir(type(thing)):
        if name.startswith("__") or callable(getattr(type(thing), name, None)):
            continue
        try:
            found[name] = getattr(thing, name)
        except AttributeError:
            continue  # a slot that was never set
    return found


def differences(before, after):
    """Reasons, one for each attribute (or part of a container) that is not what it was."""
    found = []
    for name, value in before.items():
        if name not in after:
            found.append(f"attribute {name} is lost")
        else:
            found += _compare(f"attribute {name}", value, after[name])
    found += [f"attribute {name} appears" for name in after if name not in before]
    return found


def _compare(place, one, other):
    if one is other:
        return []
    if type(one) is not type(other):
        return [f"{place}: {_shown(one)} before, {_shown(other)} after"]
    if isinstance(one, torch.Tensor):
        return [] if _same_values(one, other) else [f"{place}: another tensor"]
    if isinstance(one, (list, tuple)):
        if len(one) != len(other):
            return [f"{place}: {len(one)} elements before, {len(other)} after"]
        return [
            r for i, pair in enumerate(zip(one, other)) for r in _compare(f"{place}[{i}]", *pair)
        ]
    if isinstance(one, dict):
        if list(one) != list(other):
            return [f"{place}: keys {list(one)} before, {list(other)} after"]
        return [r for key in one for r in _compare(f"{place}[{key!r}]", one[key], other[key])]
    if type(one).__eq__ is object.__eq__:
        return [f"{place}, {reason}" for reason in differences(of(one), of(other))]
    try:
        equal = bool(one == other)
    except Exception:
        equal = False
    return [] if equal else [f"{place}: {_shown(one)} before, {_shown(other)} after"]


def _same_values(one, other):
    # A leaf that is not the same tensor is reported as lost identity.
    same = one.shape == other.shape and one.dtype == other.dtype
    return same and bool(torch.equal(one, other))


def _shown(value):
    if isinstance(value, (bool, int, float, str, type(None))):
        return repr(value)
    return f"a {type(value).__qualname__}"
