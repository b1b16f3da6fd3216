"""What a call of a model or program does, and leaves."""

import operator
import weakref

import torch

from exportgate_worker import (
    attributes,
    comparison,
    held,
    judge,
    randomness,
    refusals,
    rounds,
    specs_and_constants,
    state,
    tensor_marks,
    torch_globals,
    unfilled,
)
from exportgate_worker.differences import compared
from exportgate_worker.snapshot import Camera
from exportgate_worker.snapshot_differences import Comparison

_last_of_row = weakref.WeakKeyDictionary()  # model or program -> its last call that keeps state


class Call:
    """One call of a model or program with fresh inputs: what it returned and left, or raised.

    `outputs`: the leaves of what it returned; `tensors_returned`: these very objects, whose values
    change where they are part of a state that is restored; `returned`: a snapshot of it all.
    `changed`: names of the input leaves whose tensors have other values now; `updates`: what the
    caches themselves hold otherwise, another tensor for instance; `changes`: of the state of
    `function`, which is as before again after the call; `globals`: of torch; `drawn`: generators of
    random numbers; `marks`: how inputs carry something else than before, besides values;
    `given_otherwise`: names of the inputs that make_inputs gave other values than it was asked for.

    With `keeps_state` the state stays as the call leaves it: further such calls of the function
    make a row.
    """

    def __init__(self, subject, function, pair, round_, keeps_state=False, seed=0):
        self.pair, self.round_ = pair, round_
        self._subject = subject
        self._before = _last_of_row.get(function) if keeps_state else None
        self._keeps_state = keeps_state
        self.memos = None  # of the model, once somebody asked
        self.leaves = subject.leaves(pair, round_)
        self.error = None
        self.outputs = []
        self.tensors_returned = []
        self.structure = None
        self.returned = None
        self.values_before = comparison.copies(self.leaves)
        self.given_otherwise = []
        marks = None
        has_attributes = not isinstance(function, torch.fx.GraphModule)
        before = after = state.of(function, False)
        of_torch = torch_globals.now()
        held_inputs = None
        seeded = randomness.Seeded(subject.seed + seed)
        try:
            with unfilled.filled(subject.fill):
                made = subject.make_inputs(self.leaves)
            self.leaves, asked_for = _as_held(made, self.leaves), self.leaves
            # As held: half of the smallest number is 0 in a cache that keeps halves.
            self.values_before = comparison.copies(self.leaves)
            self.given_otherwise = _given_otherwise(self.leaves, asked_for, round_)
            marks = tensor_marks.Marks(self.leaves)
            held_inputs = _Held(subject, made)
            # Around the call alone: functions of the case may keep something of their own.
            before = after = state.of(function, has_attributes)
            try:
                with seeded, unfilled.filled(subject.fill):
                    output = made.call(function)
            finally:
                after = state.of(function, has_attributes)
            self._take(output)
        except Exception as error:
            self.error = error
        self.drawn = seeded.drawn
        self.globals = torch_globals.changes(of_torch)
        torch_globals.restore(of_torch)
        self.changes = state.Changes(before, after)
        self.state_tensors = after.named_tensors()
        self.changed = comparison.changed(self.leaves, self.values_before)
        self.marks = marks.differences(tensor_marks.Marks(self.leaves)) if marks else []
        self.updates = held_inputs.updates() if held_inputs else []
        self.caches = held_inputs.after if held_inputs else []
        self.cannot_be_seen = after.unknown + (held_inputs.notes if held_inputs else [])
        if keeps_state:
            _last_of_row[function] = self
        else:
            self._keep_outputs()
            before.restore()

    @property
    def is_refused(self):
        return refusals.is_refusal(self.error)

    @property
    def is_turned_away(self):
        """Refused, as where a program must refuse: also because the inputs have another pytree."""
        return self.is_refused or refusals.is_for_structure(self.error)

    def again(self, seed=0):
        """The same call of another fresh model, after the same calls before it."""
        return self._replayed(self._subject.fresh_model(), seed)

    def _replayed(self, model, seed):
        if self._before is not None:
            self._before._replayed(model, seed)
        return Call(self._subject, model, self.pair, self.round_, self._keeps_state, seed)

    def _take(self, output):
        self.outputs = self.tensors_returned = comparison.flat_outputs(output)
        self.structure = specs_and_constants.spec_node(
            judge.tree_structure(output), self._subject.case_modules
        )
        camera = Camera(leaves=self.outputs, caches=self._subject.cache_classes)
        self.returned = camera.of(output, "output")

    def _keep_outputs(self):
        """An output that is part of the state keeps its values when the state is restored."""
        if self.changes.tensors:
            self.outputs = [
                leaf.detach().clone() if isinstance(leaf, torch.Tensor) else leaf
                for leaf in self.outputs
            ]


def _as_held(made, leaves):
    """`leaves` as the inputs hold them: a cache may have made copies, and a call changes these."""
    found = made.leaves()
    if len(found) != len(leaves):  # an object that pytree does not know
        return leaves
    return {
        name: own if isinstance(own, torch.Tensor) else leaf
        for (name, leaf), own in zip(leaves.items(), found)
    }


def _given_otherwise(held_leaves, asked_for, round_):
    """Of a round of usual values. A cache may keep halves of what it gets, which is as close."""
    if rounds.of(round_).edges:
        return []
    return [
        name
        for name, leaf in held_leaves.items()
        if leaf is not asked_for[name] and not comparison.leaves_are_equal(leaf, asked_for[name])
    ]


class _Held:
    """What the caches among inputs hold, to be compared with what they hold after a call."""

    def __init__(self, subject, made):
        self._made = made
        self._leaves = made.leaves()
        self._structure = judge.tree_structure(made.tree)
        self._caches = subject.caches_in(made.tree)
        self._before, self.notes = self._snapshots()
        self.after = []

    def _snapshots(self):
        camera = Camera(leaves=self._leaves)
        found = [
            camera.named({**attributes.of(cache), **held.of_classes_outside_torch(type(cache))})
            for cache in self._caches
        ]
        return found, camera.unknown

    def updates(self):
        self.after, _ = self._snapshots()
        found = []
        for before, after in zip(self._before, self.after):
            found += Comparison().of_attributes(before, after)
        leaves = self._made.leaves()
        same = len(leaves) == len(self._leaves) and all(map(operator.is_, leaves, self._leaves))
        # What only pytree sees: the parts of a cache may be objects with attributes of their own.
        if not found and not same:
            return ["other leaves"]
        if not found and not _are_equal(judge.tree_structure(self._made.tree), self._structure):
            return ["another context"]
        return found


def _are_equal(structure, other):
    """Not where contexts cannot be compared, tensors for instance: the check pytree says so."""
    try:
        return structure == other
    except Exception:
        return False


def differences(subject, call, eager):
    """How a call that returned differs from the same call of the model: reasons."""
    return compared(subject, call, eager).reasons
