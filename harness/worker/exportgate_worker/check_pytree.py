"""The check `pytree`: flattened and unflattened, a cache is what it was, and torch can name it.

Whatever other caches are flattened between, and in whatever order it was filled. With Python's
pytree, and with the C++ one where optree is installed.
"""

import copy
import functools

from torch.utils import _pytree as pytree

from exportgate_worker import (
    attributes,
    declaration,
    flattening,
    registries,
    specs_and_constants,
)
from exportgate_worker.behaviour import Call
from exportgate_worker.checks import Result
from exportgate_worker.inputs import EXPORT_ROUND
from exportgate_worker.model_inputs import Inputs

REVISION = 2


def result(subject, exported):
    if subject.not_registered:
        return Result("fail", [subject.not_registered])
    own = subject.make_inputs(subject.leaves(subject.pair, EXPORT_ROUND))
    caches = subject.caches_in(own.tree)
    found = _key_paths(subject, own) + _specs_of_the_program(subject, exported.ep, own)
    if not caches and not found:
        return Result.not_applicable("no input is an instance of the class")
    notes = []
    twins = _caches(subject, subject.leaves(subject.pair, EXPORT_ROUND))
    for position, cache in enumerate(caches):
        # Two caches that were made alike, and nothing was flattened yet.
        times = attributes.of_a_clock(cache, twins[position])
        notes += [
            f"attribute {name}: the time at which the cache was made" for name in sorted(times)
        ]
        look = attributes.leaving_out(times)
        of_cache = _round_trip(pytree, cache, look)
        if not of_cache:
            of_cache, said = _with_other_caches(subject, position, look)
            notes += said
        found += of_cache
        if registries.has_optree():
            from torch.utils import _cxx_pytree

            in_cxx = _round_trip(_cxx_pytree, cache, look)
            found += [f"C++ pytree: {reason}" for reason in in_cxx if reason not in found]
    return Result.of(list(dict.fromkeys(found)), notes=list(dict.fromkeys(notes)))


def _with_other_caches(subject, position, look):
    """(reasons, notes): what only another cache shows, for the cache at `position`."""
    leaves = subject.leaves(subject.pair, EXPORT_ROUND)
    cache, same_content = (_caches(subject, leaves)[position] for _ in range(2))
    other_pairs = [pair for pair in subject.case.pairs if pair.name != subject.pair.name]
    other_pair = other_pairs[0] if other_pairs else subject.pair
    others = _caches(subject, subject.leaves(other_pair, EXPORT_ROUND + 1))
    found = flattening.alternately(cache, others[position], look) if position < len(others) else []
    elsewhere = others[position] if other_pairs and position < len(others) else None
    reasons, notes = flattening.with_other_attributes(
        cache, same_content, elsewhere, look, functools.partial(_returns_another, subject, position)
    )
    found += reasons
    found += flattening.filled_in_another_order(cache)
    found += flattening.equal_to_anything(pytree.tree_structure(cache))
    return found + _changed_by_the_model(subject, position), notes


def _returns_another(subject, position, one, other):
    """Whether the model returns something else with the cache `one` than with `other`."""
    calls = [
        Call(
            _with_cache(subject, position, cache), subject.fresh_model(), subject.pair, EXPORT_ROUND
        )
        for cache in (one, other)
    ]
    if any(call.error is not None for call in calls):
        return False
    return not subject.are_equal(*(call.outputs for call in calls))


def _with_cache(subject, position, cache):
    """This subject, of which a copy of `cache` is the input at `position`."""
    with_cache = copy.copy(subject)

    def make_inputs(leaves):
        own = subject.make_inputs(leaves)
        there, new = subject.caches_in(own.tree)[position], copy.deepcopy(cache)
        args, kwargs = pytree.tree_map(
            lambda part: new if part is there else part,
            own.tree,
            is_leaf=lambda part: part is there,
        )
        return Inputs(*args, **kwargs)

    with_cache.make_inputs = make_inputs
    return with_cache


def _caches(subject, leaves):
    return subject.caches_in(subject.make_inputs(leaves).tree)


def _changed_by_the_model(subject, position):
    own = subject.make_inputs(subject.leaves(subject.pair, EXPORT_ROUND))
    cache = subject.caches_in(own.tree)[position]
    return flattening.changed_by_a_call(cache, lambda: own.call(subject.fresh_model()))


def _round_trip(tree, cache, look):
    """`tree` is one of torch's two pytree modules."""
    before = look(cache)
    leaves, spec = tree.tree_flatten(cache)
    found = []
    if spec != tree.tree_structure(cache):
        found.append("flattened twice, the contexts are not equal")
    again = tree.tree_unflatten(leaves, spec)
    if type(again) is not type(cache):
        return found + [f"unflatten returns {_a(type(again))}, not {_a(type(cache))}"]
    found += attributes.differences(before, look(again))
    leaves_again, spec_again = tree.tree_flatten(again)
    if spec_again != spec and not found:
        found.append("after unflatten, the context is another one")
    if len(leaves_again) != len(leaves):
        found.append(f"{len(leaves)} leaves before unflatten, {len(leaves_again)} after")
    elif any(one is not other for one, other in zip(leaves, leaves_again)):
        found.append("leaf identity is lost: unflatten does not keep the tensors that it is given")
    mapped = tree.tree_map(lambda leaf: leaf, cache)
    if mapped is again or again is cache:
        found.append("unflatten returns an object that was there before, not a new one")
    if type(mapped) is not type(cache):
        found.append(f"tree_map returns {_a(type(mapped))}, not {_a(type(cache))}")
    return found


def _a(type_):
    article = "an" if type_.__qualname__[0].lower() in "aeiou" else "a"
    return f"{article} {type_.__qualname__}"


def _key_paths(subject, own):
    """Where the path of a leaf does not lead to the name that case.toml gives it."""
    found = []
    # The first key says whether the argument is a positional one.
    paths = [path[1:] for path, _ in pytree.tree_flatten_with_path(own.tree)[0]]
    if len(set(map(pytree.keystr, paths))) != len(paths):
        found.append("key paths are not unique")
    for path, leaf in zip(paths, subject.case.inputs):
        words = leaf.words()
        if isinstance(path[0], pytree.SequenceKey):
            # The argument's position and its name lead to it both.
            path_words, words = path[1:], words[1:]
        else:
            path_words = path
        if [word for key in path_words for word in _words(key)] != words:
            found.append(f"the key path of {leaf.name} is {pytree.keystr(path)}")
    return found


def _words(key):
    """One word as a rule; two of a key that leads through two containers, "key_cache[0]"."""
    for attribute in ("key", "idx", "name"):
        if hasattr(key, attribute):
            return declaration.words(str(getattr(key, attribute)))
    return declaration.words(str(key))


def _specs_of_the_program(subject, ep, own):
    """in_spec and out_spec name the classes and contexts of the model's inputs and output."""
    found = []
    asked = _spec(subject, pytree.tree_structure(own.tree))
    if _spec(subject, ep.call_spec.in_spec) != asked:
        found.append("in_spec of the program is not that of the inputs")
    returned = _spec(subject, pytree.tree_structure(own.call(subject.model)))
    if _spec(subject, ep.call_spec.out_spec) != returned:
        found.append("out_spec of the program is not that of the model's output")
    return found


def _spec(subject, spec):
    return specs_and_constants.spec_node(spec, subject.case_modules)
