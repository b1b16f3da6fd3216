"""Whether a program does what the model does: both are called alike, and compared.

A program with dynamic dims has to run at every pair; a static one at its own pair, and it has to
refuse the others.
"""

import functools

from exportgate_worker import behaviour, differences, errors, refusals


class Both:
    """The same call of the model and of its program."""

    def __init__(self, subject, program, pair, round_, model=None, **how):
        self._subject = subject
        self.eager = behaviour.Call(subject, model or subject.fresh_model(), pair, round_, **how)
        self.call = behaviour.Call(subject, program, pair, round_, **how)

    def reasons(self):
        """What the program does otherwise, where eager returned."""
        return self._compared.reasons

    def notes(self):
        """What was seen and is no failure, where eager returned."""
        return self._compared.notes

    @functools.cached_property
    def _compared(self):
        said = complaint(self._subject, self.call)
        if said:
            return differences.Compared(said, [])
        return differences.compared(self._subject, self.call, self.eager)


class Caller:
    """Calls a program and the model, with one model for all calls where it keeps nothing.

    `used`: a model that did as the program does in several calls; None: each call has its own. A
    network that is made again and again, or compiles its branches, takes longer than its calls.
    """

    def __init__(self, subject, program, used):
        self.subject = subject
        self.program = program
        self.used = used

    def both(self, pair, round_, subject=None):
        subject = subject or self.subject
        both = Both(subject, self.program, pair, round_, self.used)
        if self.used is None or not (both.eager.error is not None or both.reasons()):
            return both
        return Both(subject, self.program, pair, round_)


def complaint(subject, call):
    """What is to be said of a call that did not return, in a list; an empty one if it did."""
    if call.is_refused:
        return [refusals.words(call.error, subject.case)]
    if call.error is not None:
        return [f"raises {errors.short_reason(call.error)}"]
    return []


def reasons_against(subject, program, rounds):
    """How `program` is not the model, pair by pair; empty where it is."""
    return compared_at_pairs(subject, program, rounds)[0]


def compared_at_pairs(subject, program, rounds, look=None):
    """(reasons why `program` is not the model, notes), pair by pair.

    `rounds` are the sets of values that it is called with. Neither holds what varies between runs.
    `look(pair, eager)` is shown each call of the model.
    """
    found, notes = [], []
    for pair in subject.case.pairs:
        must_run = subject.dims != "static" or pair.name == subject.pair.name
        for round_ in rounds:
            if must_run:
                both = Both(subject, program, pair, round_)
                if both.eager.error is not None:
                    raise both.eager.error
                reasons = both.reasons()
                notes += both.notes()
                if look is not None:
                    look(pair, both.eager)
            else:
                reasons = _must_refuse(subject, program, pair, round_)
            found += [f"pair {pair.name}: {reason}" for reason in reasons]
    return list(dict.fromkeys(found)), list(dict.fromkeys(notes))


def _must_refuse(subject, program, pair, round_):
    call = behaviour.Call(subject, program, pair, round_)
    if call.is_turned_away:
        return []
    if call.error is not None:
        return [f"not refused, but raises {errors.short_reason(call.error)}"]
    return ["accepted by a static program"]


def differ(subject, one, other):
    """Whether two calls of models return, leave or raise anything else."""
    if (one.error is None) != (other.error is None):
        return True
    return one.error is None and bool(behaviour.differences(subject, one, other))
