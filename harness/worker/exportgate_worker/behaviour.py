"""Whether a program behaves as the model does, for every check that has a program to call.

A program with dynamic dims has to run at every pair; a static one at its own pair, and it has to
refuse the others.
"""

import operator
import re

import torch
from torch.utils import _pytree as pytree

from exportgate_worker import attributes, comparison, errors, specs_and_constants
from exportgate_worker.buffers import Buffers

# How releases say that the shapes are not those that the program was exported for. Whatever else it
# raises is not a refusal.
REFUSAL = re.compile(r"Guard failed|Expected input (at |.* to be )")


class Call:
    """One call of a model or program with fresh inputs: what it returned and changed, or raised.

    `changed`: names of the leaves whose tensors have other values now; `updates`: what the caches
    themselves hold otherwise, another tensor for instance; `buffers`: name -> new values of what is
    the model's own, which is as before again after the call.
    """

    def __init__(self, subject, function, pair, round_):
        self.leaves = subject.leaves(pair, round_)
        self.error = None
        self.outputs = []
        self.structure = None
        self.values_before = comparison.copies(self.leaves)
        held = None
        buffers = Buffers(function)
        try:
            inputs = subject.make_inputs(self.leaves)
            self.leaves = _as_held(inputs, self.leaves)
            held = _Held(subject, inputs)
            output = inputs.call(function)
            self.outputs = comparison.flat_outputs(output)
            self.structure = specs_and_constants.spec_node(
                pytree.tree_structure(output), subject.case_modules
            )
        except Exception as error:
            self.error = error
        self.buffers = buffers.take_changes()
        self.changed = comparison.changed(self.leaves, self.values_before)
        self.updates = held.updates() if held else []

    @property
    def is_refused(self):
        return self.error is not None and REFUSAL.search(errors.message(self.error)) is not None


def _as_held(inputs, leaves):
    """`leaves` as `inputs` hold them: a cache may have made copies, and a call changes these."""
    held = inputs.leaves()
    if len(held) != len(leaves):  # an object that pytree does not know
        return leaves
    return {
        name: found if isinstance(found, torch.Tensor) else leaf
        for (name, leaf), found in zip(leaves.items(), held)
    }


class _Held:
    """What the caches among `inputs` hold, to be compared with what they hold after a call."""

    def __init__(self, subject, inputs):
        self._inputs = inputs
        self._leaves = inputs.leaves()
        self._structure = pytree.tree_structure(inputs.tree)
        caches = subject.caches_in(inputs.tree)
        self._caches = [(cache, attributes.copied(attributes.of(cache))) for cache in caches]

    def updates(self):
        found = []
        for cache, before in self._caches:
            found += attributes.differences(before, attributes.of(cache))
        leaves = self._inputs.leaves()
        same = len(leaves) == len(self._leaves) and all(map(operator.is_, leaves, self._leaves))
        # What only pytree sees: the parts of a cache may be objects with attributes of their own.
        if not found and not same:
            return ["other leaves"]
        if not found and not _are_equal(pytree.tree_structure(self._inputs.tree), self._structure):
            return ["another context"]
        return found


def _are_equal(structure, other):
    """Not where contexts cannot be compared, tensors for instance: the check pytree says so."""
    try:
        return structure == other
    except Exception:
        return False


def reasons_against(subject, program, rounds):
    """How `program` is not the model, pair by pair; empty where it is.

    `rounds` are the sets of values that it is called with. No reason holds what varies between
    runs.
    """
    found = []
    for pair in subject.case.pairs:
        must_run = subject.dims != "static" or pair.name == subject.pair.name
        judge = _must_run if must_run else _must_refuse
        for round_ in rounds:
            reasons = judge(subject, program, pair, round_)
            found += [f"pair {pair.name}: {reason}" for reason in reasons]
    return list(dict.fromkeys(found))


def differences(subject, call, eager):
    """How a call that returned differs from the same call of the model."""
    found = []
    if not subject.are_equal(call.outputs, eager.outputs):
        found.append("differs from eager")
    elif call.structure != eager.structure:
        found.append("returns another structure than eager")
    if subject.reference is not None:
        expected = comparison.flat_outputs(subject.reference(*eager.values_before.values()))
        if not subject.are_equal(call.outputs, expected):
            found.append("differs from the C++ reference")
    for name in call.changed:
        if name not in subject.case.mutates:
            found.append(f"mutates {name}")
    if call.updates != eager.updates:
        for update in eager.updates:
            found.append(f"does not update the cache as eager does: {update}")
        for update in call.updates:
            found.append(f"updates the cache: {update}")
    for name, leaf in call.leaves.items():
        if name in eager.changed and name not in call.changed:
            found.append(f"does not mutate {name}, as eager does")
        elif name in subject.case.mutates and not subject.are_equal([leaf], [eager.leaves[name]]):
            found.append(f"leaves other values in {name} than eager")
    return found + _differences_of_buffers(subject, call.buffers, eager.buffers)


def _differences_of_buffers(subject, changed, changed_by_eager):
    found = [f"mutates the buffer {name}" for name in changed if name not in changed_by_eager]
    for name, values in changed_by_eager.items():
        if name not in changed:
            found.append(f"does not mutate the buffer {name}, as eager does")
        elif not subject.are_equal([changed[name]], [values]):
            found.append(f"leaves other values in the buffer {name} than eager")
    return found


def _must_run(subject, program, pair, round_):
    eager = Call(subject, subject.fresh_model(), pair, round_)
    if eager.error is not None:
        raise eager.error
    call = Call(subject, program, pair, round_)
    if call.is_refused:
        return ["refused"]
    if call.error is not None:
        return [f"raises {errors.short_reason(call.error)}"]
    return differences(subject, call, eager)


def _must_refuse(subject, program, pair, round_):
    call = Call(subject, program, pair, round_)
    if call.is_refused:
        return []
    if call.error is not None:
        return [f"not refused, but raises {errors.short_reason(call.error)}"]
    return ["accepted by a static program"]
