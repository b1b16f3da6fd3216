"""How a call of a program differs from the same call of the model: what it returns and leaves."""

import torch

from exportgate_worker import comparison, inputs, judge, rounding, state, tensor_marks
from exportgate_worker.snapshot_differences import EAGER_AND_PROGRAM, Comparison

# So much may a program be off where eager draws from outside of torch: one draw may be close to
# another by chance.
FAR = 1000


class Compared:
    """`reasons` why the program is not the model; `notes`: what was seen and is no failure."""

    def __init__(self, reasons, notes):
        self.reasons = reasons
        self.notes = notes


def compared(subject, call, eager):
    """Of two calls that returned. What eager itself does otherwise when it is run again is a note.

    Eager is run again only where the program differs, or where both draw random numbers. What
    rounding explains of a program in other operators is no reason (rounding.py).
    """
    found = _compared(subject, call, eager)
    if not found.reasons or subject.narrowest is None:
        return found
    allowing = rounding.allowing(
        subject, eager, lambda watching, other: _reasons(watching, other, eager)
    )
    if subject.reference is not None and not _from_reference(subject, eager, eager):
        allowing.reference = None  # eager stands for it
    explained = _compared(allowing, call, eager)
    if len(explained.reasons) < len(found.reasons):
        explained.notes.append(rounding.note(subject.narrowest))
    return explained


def _compared(subject, call, eager):
    notes = _of_memos(subject, eager) + _of_what_is_not_seen(call, eager)
    if eager.drawn and call.drawn:
        notes.append("draws random numbers: compared from equal seeds")
    if not _reasons(subject, call, eager):
        return Compared(_of_declaration(subject, call, eager), notes)
    varying, of_eager = set(), []
    again = [eager.again()]
    if eager.drawn and call.drawn and not subject.draws_in_order:
        again.append(eager.again(seed=1))
    for other in again:
        if other.error is not None:
            of_eager.append(f"raises {type(other.error).__qualname__} when run again")
            continue
        _without_values_that_vary(eager.changes.attributes, other.changes.attributes)
        _without_updates_that_vary(eager, other)
        varying |= _unequal(subject, other.outputs, eager.outputs)
        of_eager += _reasons(subject, other, eager, varying)
    left = _reasons(subject, call, eager, varying)
    notes += [f"not deterministic: output {i}" for i in sorted(varying)]
    notes += [f"not deterministic: {one}" for one in of_eager]
    left = [one for one in left if one not in of_eager and not _varies(one, of_eager)]
    left += _far_from_what_varies(call, eager, again, varying)
    left += _of_declaration(subject, call, eager, varying)
    return Compared(left, list(dict.fromkeys(notes)))


def _far_from_what_varies(call, eager, again, varying):
    """Eager differs from itself in these outputs, but not as much as the program does from it."""
    found = []
    for i in sorted(varying):
        outputs = [one.outputs[i] for one in (call, eager, *again) if i < len(one.outputs)]
        if len(outputs) < 3 or not all(isinstance(one, torch.Tensor) for one in outputs):
            continue
        own, of_eager, *others = outputs
        if own.shape != of_eager.shape or own.dtype != of_eager.dtype:
            if all(one.shape == of_eager.shape and one.dtype == of_eager.dtype for one in others):
                found.append(f"output {i}: another shape or dtype than eager")
            continue
        spread = max(judge.largest_distance(one, of_eager) for one in others)
        if judge.largest_distance(own, of_eager) > FAR * spread:
            found.append(f"output {i}: {FAR} times as far from eager as eager is from itself")
    return found


def _varies(reason, of_eager):
    """Of what a cache holds: an address, for instance, is another one after each call."""
    place = reason.rpartition(": ")[0]
    of_caches = place.startswith(("leaves another cache", "returns another cache"))
    return of_caches and any(one.rpartition(": ")[0] == place for one in of_eager)


def _without_values_that_vary(attributes, others):
    """Attributes that eager changes each time, but to other values, as a count of a class is."""
    for name in attributes:
        if name in others and attributes[name] != others[name]:
            attributes[name] = others[name] = [f"attribute {name}: another value after each call"]


def _without_updates_that_vary(eager, other):
    """The same of what eager changes in the caches, as a count that all caches share."""
    places = [one.partition(": ")[0] for one in eager.updates]
    if eager.updates != other.updates and places == [
        one.partition(": ")[0] for one in other.updates
    ]:
        eager.updates = other.updates = [f"{one}: another value after each call" for one in places]


def _reasons(subject, call, eager, varying=frozenset()):
    found = _of_outputs(subject, call, eager, varying)
    found += _of_inputs(subject, call, eager)
    found += state.differences(
        call.changes,
        eager.changes,
        lambda *pair: subject.are_equal(*([one] for one in pair)),
        _memos(subject, eager),
    )
    return found + _of_globals(call, eager) + _of_random_numbers(call, eager)


def _unequal(subject, outputs, others):
    if len(outputs) != len(others):
        return set()
    return {
        i
        for i, (one, other) in enumerate(zip(outputs, others))
        if not subject.are_equal([one], [other])
    }


def _of_outputs(subject, call, eager, varying):
    found = []
    same_number = len(call.outputs) == len(eager.outputs)
    if not same_number or _unequal(subject, call.outputs, eager.outputs) - varying:
        found.append("differs from eager")
    elif call.structure != eager.structure:
        found.append("returns another structure than eager")
    if same_number and call.structure == eager.structure:
        found += [
            f"returns another cache than eager: {one}"
            for one in _between(subject).of("output", eager.returned, call.returned)
        ]
    if same_number:
        marks = [_marks_of_outputs(one) for one in (eager, call)]
        different = marks[0].differences(marks[1], EAGER_AND_PROGRAM)
        found += [f"returns another tensor than eager: {one}" for one in different]
    return found


def _marks_of_outputs(call):
    """Of attributes alone: gradients and their hooks are the business of the check traits."""
    leaves = {f"output {i}": leaf for i, leaf in enumerate(call.tensors_returned)}
    return tensor_marks.Marks(leaves, tensor_marks.attributes_of)


def _of_declaration(subject, call, eager, varying=frozenset()):
    """What is wrong whatever eager does: it may do the same."""
    found = [f"mutates {name}" for name in call.changed if name not in subject.case.mutates]
    found += [f"make_inputs gives other values than those of {n}" for n in call.given_otherwise]
    if subject.reference is not None and _from_reference(subject, call, eager) - varying:
        found.append("differs from the C++ reference")
    return found


def _from_reference(subject, call, eager):
    """Numbers of the outputs of `call` that are not those of the C++ reference."""
    expected = comparison.flat_outputs(subject.reference(*eager.values_before.values()))
    if len(call.outputs) != len(expected):
        return {-1}
    return _unequal(subject, call.outputs, expected)


def _between(subject):
    return Comparison(
        EAGER_AND_PROGRAM,
        are_equal=lambda *pair: subject.are_equal(*([one] for one in pair)),
        leaves_are_compared=False,
    )


def _of_inputs(subject, call, eager):
    found = []
    if call.updates != eager.updates:
        found += [f"does not update the cache as eager does: {one}" for one in eager.updates]
        found += [f"updates the cache: {one}" for one in call.updates]
    else:
        found += [
            f"leaves another cache than eager: {one}"
            for before, after in zip(eager.caches, call.caches)
            for one in _between(subject).of_attributes(before, after)
        ]
    if call.updates == eager.updates:
        found += of_marks(call, eager)
    for name, leaf in call.leaves.items():
        if name in eager.changed and name not in call.changed:
            found.append(f"does not mutate {name}, as eager does")
        elif name in subject.case.mutates and not subject.are_equal([leaf], [eager.leaves[name]]):
            found.append(f"leaves other values in {name} than eager")
    return found


def of_marks(call, eager):
    """What inputs carry besides values after the call."""
    if call.marks == eager.marks:
        return []
    return [
        *(f"does not leave an input as eager does: {one}" for one in eager.marks),
        *(f"leaves an input otherwise: {one}" for one in call.marks),
    ]


def _of_globals(call, eager):
    found = []
    for name, (_, value) in eager.globals.items():
        if name not in call.globals:
            found.append(f"does not leave {name} as {value}, as eager does")
    for name, (_, value) in call.globals.items():
        if eager.globals.get(name, (None, None))[1] != value:
            found.append(f"leaves {name} as {value}")
    return found


def _of_random_numbers(call, eager):
    if eager.drawn and not call.drawn:
        return [f"draws no random numbers, eager does, from {', '.join(eager.drawn)}"]
    if call.drawn and not eager.drawn:
        return ["draws random numbers, eager does not"]
    return []


def _memos(subject, eager):
    """Attributes of the model that eager sets at the first call and leaves alone at the next.

    A mask that is kept for a length is one: it tells nothing of the values that a call was made
    with. A log, or a counter, goes on.
    """
    if not eager.changes.attributes:
        return ()
    if eager.memos is None:
        model = subject.fresh_model()
        first = type(eager)(subject, model, eager.pair, eager.round_, keeps_state=True)
        second = type(eager)(subject, model, eager.pair, inputs.EXPORT_ROUND, keeps_state=True)
        once = set(first.changes.attributes) - set(second.changes.attributes)
        eager.memos = once - first.changes.marks
    return eager.memos


def _of_memos(subject, eager):
    return [
        f"eager keeps the attribute {name} from its first call"
        for name in sorted(_memos(subject, eager))
        if name in eager.changes.attributes
    ]


def _of_what_is_not_seen(call, eager):
    return list(dict.fromkeys(eager.cannot_be_seen + eager.changes.notes))
