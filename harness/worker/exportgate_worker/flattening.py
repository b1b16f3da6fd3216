"""What flattening and unflattening a cache must not depend on: other caches, the order in which it
was filled, what happens to it afterwards. And contexts that tell caches apart.

Every function returns reasons. `look(cache)` says what a cache holds: name -> value.
"""

import copy
import enum

import torch
from torch.utils import _pytree as pytree

from exportgate_worker import attributes, judge, other_values
from exportgate_worker.specs_and_constants import spec_children

MOST_TRIED = 300
MOST_CALLED = 12  # of the model: each call takes as long as all that is flattened
_NUMBERS_AND_WORDS = (bool, int, float, str)


def alternately(first, second, look):
    """Two caches with other content are flattened, then unflattened, in both orders."""
    caches = first, second
    before = [attributes.copied(look(cache)) for cache in caches]
    found = []
    for order in ((0, 1), (1, 0)):
        flat = [pytree.tree_flatten(cache) for cache in caches]
        for i in order:
            found += _not_as_before(before[i], flat[i], look)
    return [f"after another cache was flattened: {reason}" for reason in dict.fromkeys(found)]


def _not_as_before(before, flat, look):
    leaves, spec = flat
    again = pytree.tree_unflatten(leaves, spec)
    return attributes.differences(before, look(again))


def with_other_attributes(cache, other, elsewhere, look, returns_another):
    """`other`, which holds what `cache` holds, gets another value at one place at a time.

    `returns_another(one, other)`: whether the model, called with these caches, returns something
    else. Values that flatten refuses tell nothing. (reasons, notes): that another value is not kept
    is a note where it may be computed from the tensors, or where the model does not see it.
    `elsewhere`: a cache of other extents, or None; what has another value there is computed.
    """
    other = _apart(other)
    tried = _OtherValues(cache, other, elsewhere, look, returns_another)
    found = other_values.places(other)
    values = {place: other_values.others(place.value) for place in found}
    for number in range(max(map(len, values.values()), default=0)):
        for place in found:
            if number < len(values[place]) and tried.count < MOST_TRIED:
                tried.try_value(place, values[place][number])
    return tried.reasons, tried.notes


def _apart(other):
    """`other` with the tensors that it has, and none of the objects that both may share."""
    try:
        tensors, _ = pytree.tree_flatten(other)
        return copy.deepcopy(other, {id(leaf): leaf for leaf in tensors})
    except Exception:
        return other


class _OtherValues:
    """What came of other values so far: `reasons` and `notes`; `count` of the values."""

    def __init__(self, cache, other, elsewhere, look, returns_another):
        self._elsewhere = {}
        if elsewhere is not None:
            found = other_values.places(elsewhere)
            self._elsewhere = {place.words: place.value for place in found}
        self.reasons, self.notes, self.count = [], [], 0
        self._cache, self._other = cache, other
        self._look = look
        self._before = attributes.copied(look(cache))
        self._returns_another = returns_another
        self._asked = 0
        self._kept = set()  # places of which a value was kept
        self._lost_anyway = set(self._lost())

    def _lost(self):
        again = pytree.tree_unflatten(*pytree.tree_flatten(self._other))
        return attributes.differences(self._look(self._other), self._look(again))

    def try_value(self, place, value):
        self.count += 1
        try:
            flat = pytree.tree_flatten(self._cache)
            place.write(value)
            flat_of_other = pytree.tree_flatten(self._other)
            again = pytree.tree_unflatten(*flat)
            again_of_other = pytree.tree_unflatten(*flat_of_other)
            are_equal = flat[1] == flat_of_other[1] and _are_equal_leaves(flat[0], flat_of_other[0])
            self._judge(place, value, again, again_of_other, are_equal)
        except Exception:
            return
        finally:
            _restore(place)

    def _judge(self, place, value, again, again_of_other, are_equal):
        wrong = attributes.differences(self._before, self._look(again))
        if wrong:
            self.reasons += [f"after another cache was flattened: {reason}" for reason in wrong]
            return
        told_apart = attributes.differences(self._look(again), self._look(again_of_other))
        lost = attributes.differences(self._look(self._other), self._look(again_of_other))
        lost = [one for one in lost if one not in self._lost_anyway]
        if not lost:
            self._kept.add(place)
        if told_apart and are_equal:
            # 1 == True == 1.0 in every context with a number. Not every model sees a difference.
            if value != place.value or self._sees(self._cache, self._other):
                self.reasons.append(self._are_equal(place, value))
        elif lost and place in self._kept:
            if self._sees(self._other, again_of_other):
                self.reasons.append(
                    f"{place.words}: {value!r} is not kept, other values are, and the model "
                    "returns something else with it"
                )
        elif lost:
            self._say_lost(place, again_of_other)

    def _say_lost(self, place, again_of_other):
        said = f"{place.words}: another value than {place.value!r} is not kept"
        is_seen = self._sees(self._other, again_of_other)
        if is_seen and place.is_chosen and self._is_the_same_elsewhere(place):
            self.reasons.append(f"{said}, and the model returns something else with it")
        elif is_seen or place.value is not None:
            self.notes.append(said)

    def _is_the_same_elsewhere(self, place):
        value = self._elsewhere.get(place.words, other_values)
        return type(value) is type(place.value) and value == place.value

    def _are_equal(self, place, value):
        if value != place.value:
            return f"the contexts of caches that differ in {place.words} are equal"
        both = f"{place.value!r} and {value!r} in {place.words}"
        return f"the contexts of caches with {both} are equal, and the model returns something else"

    def _sees(self, one, other):
        self._asked += 1
        return self._asked <= MOST_CALLED and self._returns_another(one, other)


def _are_equal_leaves(some, others):
    """A number may be a leaf; the tensors are the same ones."""
    return len(some) == len(others) and all(
        one is other or (type(one) in _NUMBERS_AND_WORDS and one == other)
        for one, other in zip(some, others)
    )


def _restore(place):
    """A place that cannot be written to was not changed either."""
    try:
        place.write(place.value)
    except Exception:
        return


def _is_plain_object(value):
    if isinstance(value, (torch.Tensor, torch.nn.Module, type, enum.Enum)) or callable(value):
        return False
    return hasattr(value, "__dict__")


def filled_in_another_order(cache):
    """A copy whose attributes and dicts were filled in the reversed order.

    Its own spec has to lead its leaves back to the keys that they had, and leaves in another order
    need another spec.
    """
    tensors, spec = pytree.tree_flatten(cache)
    try:
        other = copy.deepcopy(cache, {id(leaf): leaf for leaf in tensors})
    except Exception:
        return []  # it cannot be copied, or not without its tensors
    _reverse(other)
    leaves, spec_of_other = pytree.tree_flatten(other)
    again = pytree.tree_unflatten(leaves, spec_of_other)
    leaf_ids = set(map(id, leaves))
    found = [
        f"filled in another order, after unflatten {place}: another tensor"
        for place, one, now in _other_tensors(attributes.of(other), attributes.of(again))
        # What is no leaf may be made again, of the same values.
        if leaf_ids >= {id(one), id(now)} or not judge.are_same(one, now)
    ]
    if list(map(id, leaves)) != list(map(id, tensors)) and spec_of_other == spec:
        found.append("filled in another order, the leaves have another order and an equal context")
    return found


def _reverse(thing, met=None):
    """The attributes of `thing` and the dicts in them, at any depth. An OrderedDict is as it is."""
    met = set() if met is None else met
    if id(thing) in met:
        return
    met.add(id(thing))
    if type(thing) is dict:
        _reverse_items(thing)
        parts = thing.values()
    elif type(thing) in (list, tuple):
        parts = thing
    elif isinstance(thing, torch.nn.Module):
        # The order of submodules is what a ModuleList is.
        submodules = thing._modules
        parts = [value for value in vars(thing).values() if value is not submodules]
        parts += submodules.values()
        _reverse_items(vars(thing))
    elif _is_plain_object(thing) and isinstance(vars(thing), dict):
        _reverse_items(vars(thing))
        parts = vars(thing).values()
    else:
        return
    for part in list(parts):
        _reverse(part, met)


def _reverse_items(dictionary):
    items = list(dictionary.items())[::-1]
    dictionary.clear()
    dictionary.update(items)


def _other_tensors(before, after, place="attribute ", met=None):
    """(place, tensor, tensor) where two nests of dicts, lists and objects that have the same keys
    hold two tensors. `met`: the nests that are looked into already."""
    met = set() if met is None else met
    for key, value in before.items():
        if key not in after:
            continue
        here = f"{place}{key}" if place == "attribute " else f"{place}[{key!r}]"
        other = after[key]
        if isinstance(value, torch.Tensor):
            if value is not other:
                yield here, value, other
            continue
        if id(value) in met:
            continue
        if isinstance(value, dict) and isinstance(other, dict):
            parts = value, other
        elif type(value) in (list, tuple) and type(other) in (list, tuple):
            parts = dict(enumerate(value)), dict(enumerate(other))
        elif _is_plain_object(value) and type(other) is type(value):
            parts = vars(value), vars(other)
        else:
            continue
        met.add(id(value))
        yield from _other_tensors(*parts, here, met)


def equal_to_anything(spec):
    """Contexts that are equal to what they were never compared with before."""
    return [
        f"the context {type(context).__qualname__} is equal to anything"
        for context in _objects_in_contexts(spec)
        if _says_equal(context, _Stranger())
    ]


class _Stranger:
    pass


def _says_equal(context, other):
    try:
        return bool(context == other)
    except Exception:
        return False


def _objects_in_contexts(spec):
    found, rest = [], list(_contexts(spec))
    while rest:
        context = rest.pop()
        if type(context) in (list, tuple):
            rest += context
        elif type(context) is dict:
            rest += context.values()
        elif type(context).__module__ != "builtins":
            found.append(context)
    return found


def _contexts(spec):
    if spec.is_leaf():
        return
    yield spec.context
    for child in spec_children(spec):
        yield from _contexts(child)


def changed_by_a_call(cache, call):
    """`call` changes the cache. The context of the cache that was flattened before must not."""
    _, spec = pytree.tree_flatten(cache)
    contexts = {i: context for i, context in enumerate(_contexts(spec)) if context is not None}
    try:
        before = copy.deepcopy(contexts)
        if attributes.differences(before, contexts):  # equal to itself only
            return []
        call()
    except Exception:
        return []
    return [
        f"the context {type(context).__qualname__} of a flattened cache changes with the cache"
        for i, context in contexts.items()
        if attributes.differences({i: before[i]}, {i: context})
    ]
