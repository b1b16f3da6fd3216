"""Whether a model returns or leaves memory that nothing has filled, as a cache made with
torch.empty() is beyond its length."""

import torch

from exportgate_worker import behaviour, unfilled
from exportgate_worker.inputs import EXPORT_ROUND


def fill_of(subject):
    """What such memory is to hold in all calls, so that they can be compared; None where no call of
    a pair shows it."""
    return unfilled.FILL if any(_is_seen(subject, pair) for pair in subject.case.pairs) else None


def _is_seen(subject, pair):
    def call():
        return behaviour.Call(subject, subject.fresh_model(), pair, EXPORT_ROUND)

    usual = call()
    with unfilled.filled_with_nan():
        filled = call()
    if usual.error is not None or filled.error is not None:
        return False
    found = _numbers(filled) < _numbers(usual)
    # What a model draws otherwise each time is no such memory.
    return found or (_differ(subject, filled, usual) and not _differ(subject, call(), usual))


def _numbers(call):
    """How many elements of all outputs are numbers."""
    return sum(
        int((one == one).sum())
        for one in call.outputs
        if isinstance(one, torch.Tensor) and one.layout == torch.strided
    )


def _differ(subject, one, other):
    return not subject.are_equal(one.outputs, other.outputs) or one.updates != other.updates
