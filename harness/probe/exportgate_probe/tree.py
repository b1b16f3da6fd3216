"""The parts of a cache: which tensors are in which attributes, items and fields, at any depth."""

import collections
import enum
import types
from dataclasses import dataclass, field, fields, is_dataclass

import torch

DEEPEST = 16  # what lies deeper is taken for no part of the cache
_MADE_BY_MODULE = frozenset(vars(torch.nn.Module())) - {"training"}
_NO_PARTS = (
    type(None),
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    type,
    enum.Enum,
    torch.dtype,
    torch.device,
    torch.Size,
    torch.Generator,
    torch.nn.Parameter,
    types.ModuleType,
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
)


@dataclass
class Node:
    """`kind`: tensor, list, dict, tuple, namedtuple, object, module; "other" has no parts."""

    value: object
    kind: str
    parts: dict = field(default_factory=dict)  # step -> Node: ".keys", "[0]", "['k']"

    def holds_tensors(self):
        return self.kind == "tensor" or any(part.holds_tensors() for part in self.parts.values())

    def nodes(self, met=None):
        """This one and all below, from the top, each once."""
        met = set() if met is None else met
        if id(self) in met:
            return
        met.add(id(self))
        yield self
        for part in self.parts.values():
            yield from part.nodes(met)


def of(value, known=None, depth=0):
    """The tree of `value`. An object in two places is one node. What is part of itself ends."""
    known = {} if known is None else known
    kind = kind_of(value)
    if kind in ("tensor", "other"):
        return Node(value, kind)
    if id(value) not in known:
        known[id(value)] = Node(value, "other")
        node = Node(value, kind if depth < DEEPEST else "other")
        if depth < DEEPEST:
            for step, part in _parts(value, kind):
                node.parts[step] = of(part, known, depth + 1)
        known[id(value)] = node
    return known[id(value)]


def kind_of(value):
    if isinstance(value, _NO_PARTS):
        return "other"
    if isinstance(value, torch.Tensor):
        return "tensor"
    if isinstance(value, torch.nn.Module):
        return "module"
    if isinstance(value, (list, collections.deque)):
        return "list"
    if isinstance(value, dict):
        return "dict"
    if isinstance(value, tuple):
        return "namedtuple" if hasattr(type(value), "_fields") else "tuple"
    return "object" if attribute_names(value) else "other"


def _parts(value, kind):
    if kind in ("list", "tuple"):
        return [(f"[{i}]", part) for i, part in enumerate(value)]
    if kind == "dict":
        return [(f"[{key!r}]", part) for key, part in value.items()]
    if kind == "namedtuple":
        return [(f".{name}", getattr(value, name)) for name in type(value)._fields]
    return [(f".{name}", getattr(value, name)) for name in attribute_names(value)]


def attribute_names(value):
    """Of its own, also in __slots__; of a module its buffers, parameters and modules too."""
    names = list(getattr(value, "__dict__", {}))
    if isinstance(value, torch.nn.Module):
        names = [name for name in names if name not in _MADE_BY_MODULE]
        names += [*value._buffers, *value._parameters, *value._modules]
    names += [name for name in _slots(type(value)) if hasattr(value, name)]
    return [name for name in dict.fromkeys(names) if name.isidentifier()]


def _slots(class_):
    for base in reversed(class_.__mro__):
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name in ("__dict__", "__weakref__"):
                continue
            is_private = name.startswith("__") and not name.endswith("__")
            yield f"_{base.__name__.lstrip('_')}{name}" if is_private else name


def places(node, place=""):
    """(place, tensor), in order: (".layers[0].keys", tensor)."""
    if node.kind == "tensor":
        yield place, node.value
    for step, part in node.parts.items():
        yield from places(part, place + step)


def is_frozen(value):
    """A dataclass whose attributes cannot be set."""
    return is_dataclass(value) and type(value).__setattr__ is not object.__setattr__


def assignments(node, expression, leaf_at):
    """Lines that put tensors into the object `expression`. `leaf_at`: place -> text of the tensor.

    What cannot be changed, a tuple for instance, is made anew.
    """
    lines = list(_changes(node, expression, "", leaf_at))
    if _is_replaced(node, "", leaf_at):
        lines.append(f"{expression} = {_anew(node, expression, '', leaf_at)}")
    return lines


def _changes(node, expression, place, leaf_at):
    """Lines for all that can be changed below."""
    for step, part in node.parts.items():
        here, inner = place + step, expression + step
        yield from _changes(part, inner, here, leaf_at)
        if _can_be_changed(node) and _is_replaced(part, here, leaf_at):
            yield f"{inner} = {_anew(part, inner, here, leaf_at)}"


def _can_be_changed(node):
    return node.kind in ("list", "dict", "module") or (
        node.kind == "object" and not is_frozen(node.value)
    )


def _is_replaced(node, place, leaf_at):
    """Another object has to stand there: a tensor, or what holds one and cannot be changed."""
    if node.kind == "tensor":
        return place in leaf_at
    return not _can_be_changed(node) and any(
        _is_replaced(part, place + step, leaf_at) for step, part in node.parts.items()
    )


def _anew(node, expression, place, leaf_at):
    """An expression: the object with other tensors in it."""
    if not _is_replaced(node, place, leaf_at):
        return expression
    if node.kind == "tensor":
        return leaf_at[place]
    parts = {
        step: _anew(part, expression + step, place + step, leaf_at)
        for step, part in node.parts.items()
    }
    if node.kind == "tuple":
        return f"({', '.join(parts.values())}{',' if len(parts) == 1 else ''})"
    changed = [f"{step[1:]}={text}" for step, text in parts.items() if text != expression + step]
    if node.kind == "namedtuple":
        return f"{expression}._replace({', '.join(changed)})"
    taken = {one.name for one in fields(node.value) if one.init}
    is_taken = all(line.partition("=")[0] in taken for line in changed)
    function = "dataclasses.replace" if is_taken else "with_attributes"
    return f"{function}({expression}, {', '.join(changed)})"
