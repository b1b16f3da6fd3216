"""Whether a model returns or leaves memory that nothing has filled, as a cache made with
torch.empty() is beyond its length."""

from exportgate_worker import behaviour, unfilled
from exportgate_worker.inputs import EXPORT_ROUND


def fill_of(subject):
    """What such memory is to hold in all calls, so that they can be compared; None where no call of
    a pair shows it."""
    for pair in subject.case.pairs:
        calls = []
        for value in unfilled.FILLS:
            with unfilled.Filled(value) as fill:
                calls.append(behaviour.Call(subject, subject.fresh_model(), pair, EXPORT_ROUND))
            if not fill.has_filled or calls[-1].error is not None:
                break
        else:
            with unfilled.Filled(value):  # the second model may be called again
                if behaviour.differences(subject, *calls):
                    return unfilled.FILLS[0]
    return None
