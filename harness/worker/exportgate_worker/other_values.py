"""Other values for what a cache holds: one number, word, member or set at a time, at any depth."""

import enum
import inspect

import torch

from exportgate_worker import held

DEEPEST = 6
MOST = 300  # a configuration may have hundreds of values
_PLAIN = (bool, int, float, str, type(None))
_OF_EVERY_MODULE = frozenset(vars(torch.nn.Module())) - {"training"}


class Place:
    """Where a value is. `words`: "attribute scales[0]"; `write(value)` puts another one there.

    `is_chosen`: whoever makes the object may choose it; other values follow from what is done with
    the object, and not each of them can come.
    """

    def __init__(self, words, value, write, is_chosen=False):
        self.words = words
        self.value = value
        self.write = write
        self.is_chosen = is_chosen


def places(cache):
    """Those next to the cache first."""
    found, level, met = [], _attributes(cache, ""), {id(cache)}
    for _ in range(DEEPEST):
        below = []
        for place in level:
            if len(found) >= MOST:
                return found
            if is_plain(place.value):
                found.append(place)
            elif id(place.value) not in met:
                met.add(id(place.value))
                below += _parts(place)
        level = below
    return found


def is_plain(value):
    """What is looked at as one value. A set is, too: its elements have no place."""
    if type(value) in (set, frozenset):
        return all(type(one) in _PLAIN for one in value)
    return type(value) in _PLAIN or isinstance(value, enum.Enum)


def _parts(place):
    thing = place.value
    if type(thing) is list:
        return [_of_item(place, key, value) for key, value in enumerate(thing)]
    if isinstance(thing, dict):
        return [_of_item(place, key, value) for key, value in thing.items()]
    if type(thing) is tuple:
        return [_of_tuple(place, i, value) for i, value in enumerate(thing)]
    opaque = (torch.Tensor, torch.nn.Module, type, torch.dtype, torch.device)
    if isinstance(thing, opaque) or callable(thing):
        return []
    return _attributes(thing, f"{place.words}, ")


def _of_item(place, key, value):
    def write(other):
        place.value[key] = other

    return Place(f"{place.words}[{key!r}]", value, write, place.is_chosen)


def _of_tuple(place, i, value):
    def write(other):
        place.write(place.value[:i] + (other,) + place.value[i + 1 :])

    return Place(f"{place.words}[{i}]", value, write, place.is_chosen)


def _attributes(thing, before):
    chosen = _parameters(type(thing))
    return [
        Place(f"{before}attribute {name}", value, _writes(thing, name), name.lstrip("_") in chosen)
        for name, value in held.without_properties(thing).items()
        if not (isinstance(thing, torch.nn.Module) and name in _OF_EVERY_MODULE)
    ]


def _parameters(class_):
    """Of its constructor."""
    try:
        return inspect.signature(class_).parameters
    except (TypeError, ValueError):
        return ()


def _writes(thing, name):
    def write(other):
        try:
            setattr(thing, name, other)
        except Exception:  # a frozen dataclass
            object.__setattr__(thing, name, other)

    return write


def others(value):
    """Values that something else may be made of. What keeps one of them may lose another: digits,
    bits, capitals."""
    kind = type(value)
    if value is None:
        return [1]
    if isinstance(value, enum.Enum):
        return [one for one in type(value) if one is not value][:1]
    if kind in (set, frozenset):
        return [value ^ {1}]
    if kind is bool:
        return [not value, int(value)]
    if kind is int:
        equal = [bool(value)] if value in (0, 1) else []
        smaller = [value // 4] if value > 3 else []
        return [value + 1, value + 2**40, *smaller, float(value), *equal]
    if kind is float:
        equal = [int(value)] if value.is_integer() else []
        return [value + 1, value + 0.123456789, *([-value] if value == 0 else []), *equal]
    capitals = [one for one in (value.swapcase(), value.capitalize()) if one != value]
    return [value + "_", *capitals, value + " "]
