"""The program and one model called in a row, several times, each with other values.

Both keep what they have of the calls before: buffers in both, attributes in the model. Caches are
new each time.
"""

from exportgate_worker import agreement, rounds, state
from exportgate_worker.agreement import Both
from exportgate_worker.behaviour import Call

NAME = "row"
CALLS = 10


def compare(subject, program, pairs, findings):
    """`pairs`: those that the program runs at. They take turns, the cell's own first.

    The model, if the program did in every call as it did: further rounds can go on with it.
    """
    before = state.of(program, False)
    model = subject.fresh_model()
    for number in range(CALLS):
        pair, round_ = pairs[number % len(pairs)], rounds.FIRST_OF_A_ROW + number
        both = Both(subject, program, pair, round_, model, keeps_state=True)
        place = f"call {number + 1} in a row"
        if both.eager.error is not None:
            findings.note(place, "eager raises, nothing more is compared in a row")
            model = None
            break
        new = findings.are_new(both.reasons())
        if not new:
            continue
        if _is_no_matter_of_the_row(subject, program, pair, round_, new):
            findings.add(f"pair {pair.name}", new)
        elif number == 1 and _only_the_first_call_is_another(subject, program, pairs):
            findings.note(
                "calls in a row",
                "the model computes something else from its second call on, whatever the first one "
                "was: the program is its first call",
            )
        else:
            findings.add(place, new)
        model = None
        break
    before.restore()
    return model


def _is_no_matter_of_the_row(subject, program, pair, round_, reasons):
    """Whether the program is wrong with these values after no other call, too."""
    return Both(subject, program, pair, round_).reasons() == reasons


def _only_the_first_call_is_another(subject, program, pairs):
    """Whether the model goes on as after any other first call, and the program is as a new model.

    A flag that the first call sets is this; what a call computed or saw of its inputs is not.
    """
    first, other = pairs[0], pairs[-1]
    used = _after_a_call(subject, first, rounds.FIRST_OF_A_ROW)
    used_otherwise = _after_a_call(subject, other, rounds.FIRST_OF_A_ROW + 1)
    if used is None or used_otherwise is None:
        return False
    for number in range(1, CALLS):
        pair, round_ = pairs[number % len(pairs)], rounds.FIRST_OF_A_ROW + number
        if Both(subject, program, pair, round_).reasons():
            return False
        one = Call(subject, used, pair, round_, keeps_state=True)
        another = Call(subject, used_otherwise, pair, round_, keeps_state=True)
        if one.error is not None or agreement.differ(subject, one, another):
            return False
        # Twice for this one: how many calls there were does not matter either.
        again = Call(subject, used_otherwise, pair, round_, keeps_state=True)
        if agreement.differ(subject, one, again):
            return False
    return True


def _after_a_call(subject, pair, round_):
    model = subject.fresh_model()
    call = Call(subject, model, pair, round_, keeps_state=True)
    return model if call.error is None else None
