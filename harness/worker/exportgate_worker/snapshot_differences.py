"""How two snapshots differ, in words."""

import math
import sys

from exportgate_worker import judge, snapshot
from exportgate_worker.held import Property

BEFORE_AND_AFTER = ("before", "after")
EAGER_AND_PROGRAM = ("in eager", "in the program")

IS_SHARED = ": the same "


class Comparison:
    """Compares nodes, whatever they hold each other by. `words`: what the two sides are called.

    `are_equal(one, other)` judges tensors.
    `leaves_are_compared`: false where somebody compares the leaves of both sides already.
    """

    def __init__(
        self,
        words=BEFORE_AND_AFTER,
        are_equal=judge.are_same,
        leaves_are_compared=True,
        identity_counts=False,
    ):
        self._words = words
        self._are_equal = are_equal
        self._leaves_are_compared = leaves_are_compared
        self.notes = []  # what could not be compared
        self._identity_counts = identity_counts
        self._partners = {}, {}  # of each side: node -> (place, node of the other side)
        self._met = set()  # pairs that are being compared: one may hold what holds it

    def of_attributes(self, before, after, place=""):
        """One reason for each attribute (or part of a container) that differs.

        Properties follow from attributes: they are compared where these are equal.
        """
        if not before and not after:
            return []
        sides = before, after
        if not any(type(name) is Property for side in sides for name in side):
            return self._of_each(*sides, place)
        own, properties = (
            [
                {n: node for n, node in side.items() if isinstance(n, Property) is which}
                for side in sides
            ]
            for which in (False, True)
        )
        return self._of_each(*own, place) or self._of_each(*properties, place)

    def _of_each(self, before, after, place):
        found = []
        for name, node in before.items():
            here = f"{place}attribute {name}"
            if name not in after:
                found.append(f"{here} is lost")
            else:
                found += self.of(here, node, after[name])
        new = [name for name in after if name not in before]
        return found + [f"{place}attribute {name} appears" for name in new]

    def of(self, place, one, other):
        pair = id(one), id(other)
        if one is other or pair in self._met:
            return []
        self._met.add(pair)
        found = self._of_identity(place, one, other) or self._differences(place, one, other)
        self._met.remove(pair)  # the same pair at another place is another difference
        return found

    def _of_identity(self, place, one, other):
        """Two places that hold one list hold one list afterwards, too."""
        if not self._identity_counts or not (_can_change(one) and _can_change(other)):
            return []
        for partners, node, partner, words in zip(
            self._partners, (one, other), (other, one), (self._words, self._words[::-1])
        ):
            first, known = partners.setdefault(id(node), (place, partner))
            if known is not partner:
                first = first.removeprefix("attribute ")
                return [f"{place}{IS_SHARED}{_name(node)} as {first} {words[0]} only"]
        return []

    def _differences(self, place, one, other):
        if (
            one.kind == "tensor"
            and other.kind == "tensor"
            and self._is_compared_elsewhere(one, other)
        ):
            return []
        if one.type_ is not other.type_ or one.kind != other.kind:
            return [self._both(place, one.shown(), other.shown())]
        found = getattr(self, "_of_" + one.kind.replace(" ", "_"))(place, one, other)
        return found or self.of_attributes(one.attributes, other.attributes, f"{place}, ")

    def _is_compared_elsewhere(self, one, other):
        if one.thing is not None and one.thing is other.thing:
            return True
        return not self._leaves_are_compared and one.leaf is not None and one.leaf == other.leaf

    def _both(self, place, one, other):
        other = "another one" if one == other else other
        return f"{place}: {one} {self._words[0]}, {other} {self._words[1]}"

    def _shown(self, place, one, other):
        return [self._both(place, one.shown(), other.shown())]

    def _of_value(self, place, one, other):
        same = _are_equal_values(one.content, other.content)
        return [] if same else self._shown(place, one, other)

    def _of_tensor(self, place, one, other):
        one, other = one.content, other.content
        if snapshot.is_fake(one) or snapshot.is_fake(other):
            same = one.dtype == other.dtype and str(one.shape) == str(other.shape)
        else:
            same = self._are_equal(one, other)
        return [] if same else [f"{place}: another tensor"]

    def _of_named(self, place, one, other):
        same = one.thing is other.thing or (one.content and one.content == other.content)
        return [] if same else self._shown(place, one, other)

    def _of_of_owner(self, place, one, other):
        return [] if one.content == other.content else self._shown(place, one, other)

    def _of_sequence(self, place, one, other):
        one, other = one.content, other.content
        if len(one) != len(other):
            return [self._both(place, f"{len(one)} elements", len(other))]
        return [
            reason
            for i, pair in enumerate(zip(one, other))
            for reason in self.of(f"{place}[{i}]", *pair)
        ]

    def _of_mapping(self, place, one, other):
        if len(one.content) != len(other.content) or any(
            self.of("", key, other_key)
            for (key, _), (other_key, _) in zip(one.content, other.content)
        ):
            return [self._both(place, f"keys {_keys(one)}", _keys(other))]
        return [
            reason
            for (key, value), (_, other_value) in zip(one.content, other.content)
            for reason in self.of(f"{place}[{_shown_key(key)}]", value, other_value)
        ]

    def _of_set(self, place, one, other):
        if len(one.content) != len(other.content):
            return [self._both(place, f"{len(one.content)} elements", len(other.content))]
        rest = list(other.content)
        tried = Comparison(self._words, self._are_equal, self._leaves_are_compared)
        for element in one.content:
            match = next(
                (i for i, node in enumerate(rest) if not tried.of("", element, node)), None
            )
            if match is None:
                return [f"{place}: other elements"]
            del rest[match]
        return []

    def _of_object(self, place, one, other):
        return []  # its attributes say it

    def _of_unknown(self, place, one, other):
        self.notes.append(f"{place}: {one.content or one.shown() + ' cannot be looked into'}")
        return []


def _can_change(node):
    """Whether it matters which of two equal ones somebody holds."""
    if node.kind in ("sequence", "set", "mapping"):
        return not issubclass(node.type_, (tuple, frozenset))
    if node.kind != "object":
        return False
    package = node.type_.__module__.partition(".")[0]
    frozen = getattr(getattr(node.type_, "__dataclass_params__", None), "frozen", False)
    return package != "torch" and package not in sys.stdlib_module_names and not frozen


def _name(node):
    return node.type_.__qualname__


def _are_equal_values(one, other):
    """NaN equals NaN, and zero is not minus zero."""
    if isinstance(one, float) and one == other:
        return math.copysign(1.0, one) == math.copysign(1.0, other)
    return one == other or (one != one and other != other)


def _shown_key(node):
    return repr(node.content) if node.kind == "value" else node.shown()


def _keys(mapping):
    return "[" + ", ".join(_shown_key(key) for key, _ in mapping.content) + "]"
