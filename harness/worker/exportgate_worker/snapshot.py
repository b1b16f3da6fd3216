"""Deep snapshots of Python objects, which share nothing with them that can change.

A snapshot is a graph of nodes. It is made of what an object holds, never of its own `__eq__` or
`__deepcopy__`, which may lie or raise. What cannot be looked into is a node of a kind of its own:
whoever compares it says so in a note.
"""

import collections
import contextvars
import enum
import logging
import threading
import types
import typing
import weakref

import torch

from exportgate_worker import functions, held, judge, plain_nodes, plain_values

MOST_NODES = 20_000  # a model may hold a tokenizer or a whole data set
DEEPEST = 80

_NUMBERS_AND_WORDS = (bool, int, float, complex, str, bytes, type(None), type(...))
_SYMBOLS = tuple(
    kind for name in ("SymInt", "SymFloat", "SymBool") if (kind := getattr(torch, name, None))
)
# Their elements may die between two snapshots, and nobody did anything.
_WEAK = (weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet)
_OF_ITS_OWNER = (types.MethodType, types.BuiltinMethodType, weakref.ReferenceType)
# What annotations are made of: dict[str, int], a TypeVar. They are code, and no state.
_ANNOTATIONS = (
    *(types.GenericAlias, types.UnionType, typing.TypeVar, typing.ParamSpec),
    *([typing._Final] if hasattr(typing, "_Final") else []),
)
# What is what it is: a call does not change them, or nobody asks whether it does.
_NAMED = (
    type,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.ModuleType,
    types.CodeType,
    torch.dtype,
    torch.layout,
    torch.memory_format,
    torch.qscheme,
    torch.fx.Graph,
    torch._ops.OperatorBase,  # a table of all operators may be in a module of the case
    torch._ops.OpOverloadPacket,
)
# Each holds all others of its kind, or something of the operating system: any is as good.
_OF_THE_PROCESS = (
    *(logging.Logger, logging.Handler, threading.Thread, weakref.finalize),
    *map(type, (threading.Lock(), threading.RLock())),
)


class Node:
    """`kind`: "value", "tensor", "named", "of owner", "sequence", "set", "mapping", "object" or
    "unknown"; `content` is what that kind needs, or why it is unknown; `attributes`: name -> node.
    """

    def __init__(self, kind, type_, content=None, thing=None):
        self.kind = kind
        self.type_ = type_
        self.content = content
        self.thing = thing  # kept where being the same object settles it
        self.leaf = None  # of a tensor: its position among the leaves
        self.attributes = {}

    def shown(self):
        if self.kind == "value" and self.type_ in _SHOWN_AS_THEY_ARE:
            return repr(self.content)
        if self.kind == "named" and isinstance(self.thing, type):
            return f"the class {self.thing.__qualname__}"
        return f"a {self.type_.__qualname__}"


class _Member(enum.Enum):
    ONE = 1


_OF_EVERY_MEMBER = frozenset(vars(_Member.ONE))
_SHOWN_AS_THEY_ARE = (bool, int, float, str, type(None))


class Camera:
    """Takes snapshots that belong together. `leaves`: tensors that somebody else compares.

    `copies_tensors`: false where the tensors cannot change between two snapshots.
    `caches`: classes of which properties are read, too.
    `shares_plain`: equal plain values are one node, also of another camera. Not where it matters
    which of two equal lists somebody holds.
    `unknown`: places that could not be looked into.
    """

    def __init__(self, leaves=(), copies_tensors=True, caches=(), shares_plain=False):
        self._shares_plain = shares_plain
        self._caches = tuple(caches)
        self._leaves = {id(leaf): i for i, leaf in enumerate(leaves)}
        self._copies_tensors = copies_tensors
        self._met = {}
        self._known = set()
        self._alive = []  # so that no id is used twice while this looks around
        self.unknown = []

    def of(self, thing, place="", depth=0):
        if isinstance(thing, Node):
            return thing
        if self._shares_plain and (shared := plain_nodes.of(thing, _of_alone)) is not None:
            return shared
        if type(thing) in _NUMBERS_AND_WORDS:
            return Node("value", type(thing), thing)
        if id(thing) in self._met:
            return self._met[id(thing)]
        node = Node("unknown", type(thing), thing=thing)
        if thing is held.ANOTHER_EACH_TIME:
            node.content = "another value each time it is read"
            self.unknown.append(f"{place}: {node.content}")
            return node
        self._met[id(thing)] = node
        self._alive.append(thing)
        if depth > DEEPEST or len(self._met) > MOST_NODES:
            self.unknown.append(f"{place}: only {MOST_NODES} objects are looked at")
        else:
            self._look_into(node, thing, place, depth + 1)
        return node

    def know(self, things):
        """These are compared by somebody else: a snapshot does not look into them."""
        for thing in things:
            self._met[id(thing)] = Node("named", type(thing), thing=thing)
            self._known.add(id(thing))
            self._alive.append(thing)

    def attributes_of(self, thing):
        return self.named(held.of(thing))

    def named(self, values):
        return {name: self.of(value, f"attribute {name}") for name, value in values.items()}

    def _look_into(self, node, thing, place, depth):
        if isinstance(thing, torch.Tensor):
            self._tensor(node, thing)
        elif isinstance(thing, _SYMBOLS):
            node.kind, node.content = "value", str(thing)
        elif isinstance(thing, enum.Enum):
            node.kind, node.content = "value", thing._name_
            for name, value in vars(thing).items():
                if name not in _OF_EVERY_MEMBER:
                    node.attributes[name] = self.of(value, f"{place}, attribute {name}", depth)
        elif isinstance(vars(type(thing)).get("__entries"), dict):
            # An enumeration of pybind11, each value of which has all others as attributes.
            node.kind, node.content = "value", int(thing)
        elif (values := plain_values.of(thing)) is not None:
            node.kind, node.content = "value", values
            self._own_attributes(node, thing, place, depth)
        elif self._known and isinstance(thing, _WEAK):
            node.kind, node.content = "mapping", self._of_known(thing, place, depth)
        elif isinstance(thing, _ANNOTATIONS):
            node.kind, node.content = "value", repr(thing)
        elif isinstance(thing, _OF_THE_PROCESS):
            node.kind, node.content = "named", (type(thing), getattr(thing, "name", None))
        elif isinstance(thing, _NAMED):
            node.kind = "named"
            if hasattr(thing, "__qualname__"):  # another function may be the same one, made again
                code = getattr(thing, "__code__", None)
                node.content = getattr(thing, "__module__", ""), thing.__qualname__, code
            self._parts_of_function(node, thing, place, depth)
        elif isinstance(thing, _OF_ITS_OWNER):
            node.kind, node.content = "of owner", _whose(thing)
            self._parts_of_function(node, thing, place, depth)
        elif isinstance(thing, (list, tuple, collections.deque)):
            node.kind = "sequence"
            base = next(b for b in (list, tuple, collections.deque) if isinstance(thing, b))
            node.content = self._parts(base.__iter__(thing), place, depth)
            self._own_attributes(node, thing, place, depth)
            if base is collections.deque:
                node.attributes["(maxlen)"] = self.of(collections.deque.maxlen.__get__(thing))
        elif isinstance(thing, dict):
            node.kind = "mapping"
            node.content = [
                (self.of(key, place, depth), self.of(value, f"{place}[{_key(key)}]", depth))
                for key, value in dict.items(thing)
            ]
            self._own_attributes(node, thing, place, depth)
        elif isinstance(thing, (set, frozenset)):
            node.kind = "set"
            base = set if isinstance(thing, set) else frozenset
            node.content = self._parts(base.__iter__(thing), place, depth)
            self._own_attributes(node, thing, place, depth)
        elif isinstance(thing, _NUMBERS_AND_WORDS):  # a subclass of one
            base = next(base for base in _NUMBERS_AND_WORDS if isinstance(thing, base))
            node.kind, node.content = "value", _plain_value(base, thing)
            self._own_attributes(node, thing, place, depth)
        else:
            self._object(node, thing, place, depth)

    def _tensor(self, node, tensor):
        node.kind = "tensor"
        node.leaf = self._leaves.get(id(tensor))
        is_kept = node.leaf is not None or not self._copies_tensors
        node.thing = tensor if is_kept else None
        node.content = tensor
        if self._copies_tensors and not is_fake(tensor):
            node.content = judge.copied(tensor)
        if node.leaf is None and not is_fake(tensor):  # that holds all of a trace
            for name, value in vars(tensor).items():
                if not name.startswith("_"):  # torch's own
                    node.attributes[name] = self.of(value, f"attribute {name}")

    def _of_known(self, thing, place, depth):
        """What a weak dictionary holds for the objects that live as long as the model."""
        if not isinstance(thing, weakref.WeakKeyDictionary):
            return []
        known = [(key, value) for key, value in thing.items() if id(key) in self._known]
        return [(self.of(key), self.of(value, place, depth)) for key, value in known]

    def _parts(self, things, place, depth):
        return [self.of(thing, f"{place}[{i}]", depth) for i, thing in enumerate(list(things))]

    def _parts_of_function(self, node, thing, place, depth):
        for name, value in functions.parts(thing).items():
            node.attributes[name] = self.of(value, f"{place}, {name}", depth)

    def _own_attributes(self, node, thing, place, depth):
        for name, value in held.without_properties(thing).items():
            node.attributes[name] = self.of(value, f"{place}, attribute {name}", depth)

    def _object(self, node, thing, place, depth):
        node.kind = "object"
        of_context = _of_this_context(thing)
        found = of_context or held.of(thing)
        if isinstance(thing, self._caches):
            found = {**found, **held.properties(thing)}
        has_none = not hasattr(thing, "__dict__") and not held.without_properties(thing)
        if has_none and not of_context:
            state = _pickled_state(thing)
            if state is not None:
                found = {**found, "(its state)": state}
            elif not found:
                node.kind = "unknown"
                self.unknown.append(f"{place}: a {type(thing).__qualname__} cannot be looked into")
        for name, value in found.items():
            node.attributes[name] = self.of(value, f"{place}, attribute {name}", depth)
        node.thing = thing if node.kind == "unknown" else None


def _of_alone(value):
    return Camera().of(value)


def is_fake(tensor):
    """Whether it is a tensor without values, as torch.export traces with."""
    fake = getattr(torch._subclasses, "FakeTensor", ())
    return isinstance(tensor, fake) or tensor.is_meta


def _of_this_context(thing):
    """What a variable of the thread or of the context holds here."""
    if isinstance(thing, contextvars.ContextVar):
        return {"(its value)": thing.get(None)}
    return {"(its values)": vars(thing)} if isinstance(thing, threading.local) else {}


def _pickled_state(thing):
    """What pickle would keep of an object of C, as containers; None where it cannot."""
    try:
        reduced = thing.__reduce_ex__(4)
    except Exception:
        return None
    if isinstance(reduced, str):  # the name of a global
        return [reduced]
    try:
        return [reduced[1], *(list(p) if hasattr(p, "__next__") else p for p in reduced[2:])]
    except Exception:
        return None


def _plain_value(base, thing):
    if base in (str, bytes):
        return base.__getitem__(thing, slice(None)) if base is bytes else base.__str__(thing)
    return base.__pos__(thing) if base is not bool else bool(thing)


def _key(key):
    return repr(key) if type(key) in _NUMBERS_AND_WORDS else f"a {type(key).__qualname__}"


def _whose(thing):
    """All of a method or weak reference but which object it is of."""
    if isinstance(thing, weakref.ReferenceType):
        return type(thing())
    return type(thing.__self__), thing.__name__
