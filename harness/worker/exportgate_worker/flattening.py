"""What flattening and unflattening a cache must not depend on: other caches, the order in which it
was filled, what happens to it afterwards. And contexts that tell caches apart.

Every function returns reasons.
"""

import copy
import enum

import torch
from torch.utils import _pytree as pytree

from exportgate_worker import attributes, judge
from exportgate_worker.specs_and_constants import spec_children

_NUMBERS_AND_WORDS = (bool, int, float, str)


def alternately(first, second):
    """Two caches with other content are flattened, then unflattened, in both orders."""
    caches = first, second
    before = [attributes.copied(attributes.of(cache)) for cache in caches]
    found = []
    for order in ((0, 1), (1, 0)):
        flat = [pytree.tree_flatten(cache) for cache in caches]
        for i in order:
            found += _not_as_before(before[i], flat[i])
    return [f"after another cache was flattened: {reason}" for reason in dict.fromkeys(found)]


def _not_as_before(before, flat):
    leaves, spec = flat
    again = pytree.tree_unflatten(leaves, spec)
    return attributes.differences(before, attributes.of(again))


def with_other_attributes(cache, other):
    """`other`, which holds what `cache` holds, gets another value in one attribute at a time.

    Attributes whose other value flatten refuses tell nothing. (reasons, notes): that another value
    is not kept is a note, since it may be computed from the tensors.
    """
    before = attributes.copied(attributes.of(cache))
    found, notes = [], []
    for place, owner, name in _numbers_and_words(other):
        value = getattr(owner, name)
        try:
            flat = pytree.tree_flatten(cache)
            setattr(owner, name, _another(value))
            flat_of_other = pytree.tree_flatten(other)
            again = pytree.tree_unflatten(*flat)
            again_of_other = pytree.tree_unflatten(*flat_of_other)
            of_other = attributes.copied(attributes.of(other))
            are_equal = flat[1] == flat_of_other[1] and _are_equal_leaves(flat[0], flat_of_other[0])
        except Exception:
            continue
        finally:
            _restore(owner, name, value)
        wrong = attributes.differences(before, attributes.of(again))
        found += [f"after another cache was flattened: {reason}" for reason in wrong]
        told_apart = attributes.differences(attributes.of(again), attributes.of(again_of_other))
        if told_apart and are_equal and not wrong:
            found.append(f"the contexts of caches that differ in {place} are equal")
        elif attributes.differences(of_other, attributes.of(again_of_other)) and not wrong:
            notes.append(f"{place}: another value than {value!r} is not kept")
    return found, notes


def _are_equal_leaves(some, others):
    """A number may be a leaf; the tensors are the same ones."""
    return len(some) == len(others) and all(
        one is other or (type(one) in _NUMBERS_AND_WORDS and one == other)
        for one, other in zip(some, others)
    )


def _numbers_and_words(cache):
    """(place, object, attribute) of those that the cache and the objects in it have."""
    own = getattr(cache, "__dict__", {})
    for name, value in list(own.items()):
        if type(value) in _NUMBERS_AND_WORDS:
            yield f"attribute {name}", cache, name
        elif _is_plain_object(value):
            for part, content in list(vars(value).items()):
                if type(content) in _NUMBERS_AND_WORDS:
                    yield f"attribute {name}, attribute {part}", value, part


def _is_plain_object(value):
    if isinstance(value, (torch.Tensor, torch.nn.Module, type, enum.Enum)) or callable(value):
        return False
    return hasattr(value, "__dict__")


def _another(value):
    if type(value) is bool:
        return not value
    return value + "_" if type(value) is str else value + 1


def _restore(owner, name, value):
    """An attribute that cannot be set was not changed either."""
    try:
        setattr(owner, name, value)
    except Exception:
        return


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
