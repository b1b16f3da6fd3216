"""The check `model`: after the export the model is what it was before.

It has the same parameters, buffers and attributes, and so have the modules that it is defined in.
It computes the same. A tensor without values, or a symbol in place of a number, is what a trace
leaves in a model that keeps what it computes.
"""

import torch

from exportgate_worker import errors, snapshot, torch_globals
from exportgate_worker import state as state_of_model
from exportgate_worker.behaviour import Call
from exportgate_worker.checks import Result
from exportgate_worker.inputs import EXPORT_ROUND


class Before:
    """What a model is before the export, and torch's globals with it."""

    def __init__(self, model):
        self.state = state_of_model.of(model)
        self._globals = torch_globals.now()

    def globals_changed(self):
        return torch_globals.changes(self._globals)


def result(subject, exported):
    before = subject.before_export
    after = state_of_model.of(subject.model)
    changes = state_of_model.Changes(before.state, after)
    found = [
        f"{changes.words[name]} {name}: {_what_happened(*values)}"
        for name, values in changes.tensors.items()
    ]
    beside = changes.attributes.keys() & {*before.state.of_modules, *after.of_modules}
    if beside:
        beside &= _changed_by_use(subject)
    for name, reasons in changes.attributes.items():
        found += [] if name in beside else reasons
    found += [
        f"{name}: {one} before, {other} after"
        for name, (one, other) in before.globals_changed().items()
    ]
    return Result.of(found + _called_again(subject), notes=changes.notes)


def _changed_by_use(subject):
    """Names of what changes when inputs are made, flattened and given to a fresh model."""
    model = subject.fresh_model()
    before = state_of_model.of(model)
    Call(subject, model, subject.pair, EXPORT_ROUND)
    return set(state_of_model.Changes(before, state_of_model.of(model)).attributes)


def _what_happened(before, after):
    if after is None:
        return "lost"
    if snapshot.is_fake(after):
        return f"a {type(after).__qualname__} after the export"
    return "appears" if before is None else "other values than before"


def _called_again(subject):
    new = Call(subject, subject.fresh_model(), subject.pair, EXPORT_ROUND)
    if new.error is not None:
        return []
    call = Call(subject, subject.model, subject.pair, EXPORT_ROUND)
    if call.error is not None:
        return [f"called after the export: raises {errors.short_reason(call.error)}"]
    if any(isinstance(one, torch.Tensor) and snapshot.is_fake(one) for one in call.outputs):
        return ["called after the export: returns a tensor without values"]
    if subject.are_equal(call.outputs, new.outputs):
        return []
    if not subject.are_equal(new.again().outputs, new.outputs):
        return []  # not deterministic; the check run says so
    return ["called after the export: returns other values than a new model"]
