"""Calls of one function in a loop: what a call returned or left goes into the next one.

The caches are handed on as they are, the very objects, with whatever they hold besides tensors.
"""

import copy
from dataclasses import dataclass

import torch

from exportgate_worker import judge, named_parts, relations, rounds
from exportgate_worker.behaviour import Call
from exportgate_worker.errors import CaseError, table_of_toml
from exportgate_worker.model_inputs import Inputs


class Loop:
    """`count`: what a counted input holds in the first step, more than its lowest value."""

    def __init__(self, subject, function, count=0):
        self.function = function
        self._subject = subject
        self._first_count = count
        self._last = None  # the Step before

    def call(self, pair, number):
        """The Call of the next step, number `number`, at the extents of `pair`."""
        step, round_ = self._next(pair, number)
        return Call(step.subject, self.function, pair, round_, keeps_state=True)

    def take_step(self, pair, number):
        """As call(), where nobody asks what the call did. Raises what the function raises."""
        step, round_ = self._next(pair, number)
        leaves = step.subject.leaves(pair, round_)
        step.subject.make_inputs(leaves).call(self.function)

    def changes_what_is_next(self, pair, number):
        """As take_step(). Whether the next step gets something else than this one did."""
        call = self.call(pair, number)
        if call.error is not None:
            raise call.error
        steps = self._subject.case.steps
        in_place = set()
        for name in steps.in_place:
            first, count = named_parts.span(self._subject.case.inputs, name)
            in_place |= {leaf.name for leaf in self._subject.case.inputs[first : first + count]}
        of_the_model = call.changes.tensors or call.changes.attributes
        return bool(steps.returned or call.updates or of_the_model or in_place & set(call.changed))

    @property
    def output(self):
        """What the last step returned."""
        return self._last.output

    def _next(self, pair, number):
        self._last = Step(self._subject, pair, self._last, self._first_count)
        return self._last, rounds.FIRST_OF_A_LOOP + number

    def is_within_values(self, pair):
        """Whether what is counted is within its declared values in the next step."""
        count = self._last.count + 1 if self._last else 0
        return all(
            counted.last(count) <= counted.highest
            for counted in counted_inputs(self._subject.case, pair, self._first_count)
            if counted.highest is not None
        )

    def next_extents(self, pair):
        """dim -> extent, as the caches say that come next; `pair` is that of the last step.

        CaseError where no extents give the shapes that they have.
        """
        return self._last.extents_after(pair)


class Step:
    """One call of a loop, which takes its caches from the step before.

    `subject` makes the inputs of this step. It does so again where a call is made again after all
    calls before it: each step takes what the last call of the step before returned or left.
    """

    def __init__(self, subject, pair, before, first_count):
        self._base = subject
        self._pair = pair
        self._before = before
        self._first_count = first_count
        self.count = before.count + 1 if before else 0
        self._inputs = None  # of the last call of this step
        self.output = None
        self.subject = copy.copy(subject)
        self.subject.leaves = self._leaves
        self.subject.make_inputs = self._make_inputs

    def extents_after(self, pair):
        case = self._base.case
        extents = {}
        held = self._handed_on_leaves()
        for name, tensor in held.items():
            leaf = next(one for one in case.inputs if one.name == name)
            if len(tensor.shape) != len(leaf.shape):
                raise CaseError(
                    _has_another_shape(name, tensor, leaf.shape), about=table_of_toml("steps")
                )
            for declared, extent in zip(leaf.shape, tensor.shape):
                _take(extents, declared, extent)
        after = {**pair.extents, **extents}
        for name, tensor in held.items():
            leaf = next(one for one in case.inputs if one.name == name)
            there = [
                relations.value_of(extent, after) if isinstance(extent, str) else extent
                for extent in leaf.shape
            ]
            if there != list(tensor.shape):
                raise CaseError(
                    _has_another_shape(name, tensor, leaf.shape), about=table_of_toml("steps")
                )
        return extents

    def _leaves(self, pair, round_):
        leaves = self._base.leaves(pair, round_)
        for counted in counted_inputs(self._base.case, pair, self._first_count):
            leaves[counted.name] = counted.at(self.count, leaves[counted.name])
        if self._before is not None:
            leaves |= self._before._handed_on_leaves()
        return leaves

    def _make_inputs(self, leaves):
        if self._before is None:
            made = self._base.make_inputs(leaves)
        else:
            # Of others: make_inputs may write into what it is given.
            own = self._base.leaves(self._pair, rounds.FIRST_OF_A_LOOP)
            handed_on = self._before._handed_on_leaves()
            made = self._base.make_inputs(
                {name: own[name] if name in handed_on else leaf for name, leaf in leaves.items()}
            )
            for name, thing in self._before._handed_on().items():
                made = named_parts.replaced(
                    made, named_parts.of_inputs(self._base.case, made, name), thing
                )
        self._inputs = _Recorded(*made.args, **made.kwargs)
        self._inputs.step = self
        return self._inputs

    def _handed_on(self):
        """Name of an input -> the object that comes next in its place."""
        steps = self._base.case.steps
        found = {
            name: named_parts.of_inputs(self._base.case, self._inputs, name)
            for name in steps.in_place
        }
        for name, output in steps.returned.items():
            like = named_parts.of_inputs(self._base.case, self._inputs, name)
            found[name] = named_parts.of_output(self._base.case, self.output, output, type(like))
        return found

    def _handed_on_leaves(self):
        """Name of a leaf -> tensor, of all that comes next."""
        found = {}
        for name, thing in self._handed_on().items():
            first, count = named_parts.span(self._base.case.inputs, name)
            leaves = judge.tree_leaves(thing)
            if len(leaves) != count:
                raise CaseError(
                    f"[steps]: what {name} is next has {len(leaves)} leaves, it is declared "
                    f"with {count}",
                    about=table_of_toml("steps"),
                )
            for leaf, tensor in zip(self._base.case.inputs[first : first + count], leaves):
                if isinstance(tensor, torch.Tensor):
                    found[leaf.name] = tensor
        return found

    def take(self, output):
        self.output = output


class _Recorded(Inputs):
    step = None

    def call(self, function):
        output = super().call(function)
        self.step.take(output)
        return output


@dataclass(frozen=True)
class Counted:
    """An integer tensor that tells the step: a position. Each element is the count.

    Where it counts by several, those along its last dim are as many counts in a row.
    """

    name: str
    first: int
    by: int
    is_row: bool
    highest: object  # None: it has no declared end

    def at(self, count, like):
        start = self.first + self.by * count
        if not self.is_row:
            return torch.full_like(like, start)
        return (start + torch.arange(self.by)).to(like.dtype).expand(like.shape).contiguous()

    def last(self, count):
        """The largest element."""
        return self.first + self.by * count + (self.by - 1 if self.is_row else 0)

    def counts_left(self):
        """How much `first` may be raised until there are no further steps."""
        return self.highest - self.last(0)


def counted_inputs(case, pair, more=0):
    """The Counted of the case. They begin at their lowest declared value (else 0) and `more`."""
    found = []
    for leaf in case.inputs:
        if leaf.name in case.steps.counts_up:
            declared = case.steps.counts_up[leaf.name]
            by = relations.value_of(str(declared), pair.extents)
            if by < 1:
                raise CaseError(
                    f"[steps]: {leaf.name} counts up by {by}, which is {declared}",
                    about=table_of_toml("steps"),
                )
            low, high = leaf.values_at(pair) if leaf.has_range else (0, None)
            # As it is written: another dim may have the same extent by chance.
            is_row = by > 1 and leaf.shape[-1:] == (declared,)
            found.append(Counted(leaf.name, int(low) + more, by, is_row, high))
    return found


def _has_another_shape(name, tensor, declared):
    shape = ", ".join(map(str, declared))
    return f"[steps]: what {name} is next has shape {list(tensor.shape)}, declared is [{shape}]"


def _take(extents, declared, extent):
    """Adds what an extent says of a dim, where it says it alone."""
    if isinstance(declared, int):
        return
    linear = relations.linear(declared)
    if linear is not None and linear.factor and (extent - linear.offset) % linear.factor == 0:
        extents.setdefault(linear.dim, (extent - linear.offset) // linear.factor)
