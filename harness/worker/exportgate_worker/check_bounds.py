"""The check `bounds`: at both ends of a declared range the program is right, one step outside it
refuses, or is right anyway.

The ends show what no pair does: what torch assumes of an extent of 1, or a program that is right at
the declared pairs alone.
"""

from exportgate_worker import agreement, behaviour, errors, extents
from exportgate_worker.checks import Result

REVISION = 2  # compares what a call leaves, too

ROUND = 1
MOST_BYTES = 256 << 20  # of all inputs together


def does_not_apply(subject, exported):
    """Why not, or "": of what is declared alone, so that it needs no process."""
    if subject.dims == "static":
        return "no dim is dynamic"
    if not subject.has_ranges:
        return f"dims={subject.dims} asks for no range"
    if not subject.case.dims:
        return "no dim is declared"
    if any(r.startswith(f"pair {subject.pair.name}: raises ") for r in exported.run_reasons):
        return "the program does not run at its own pair either"
    return ""


def result(subject, exported):
    failures, notes = [], []
    for name, (low, high) in subject.case.dims.items():
        for extent in ([low - 1] if low > 0 else []) + [low, high, high + 1]:
            there = extents.with_extents(subject.case, subject.pair, {name: extent})
            if there is None:
                notes.append(f"{name} = {extent}: not tried, the case does not allow it")
                continue
            needed = extents.bytes_of_inputs(subject.case, there)
            if needed > MOST_BYTES:
                notes.append(f"{name} = {extent}: not tried, inputs of {needed >> 20} MiB")
                continue
            step = _inside if low <= extent <= high else _outside
            failed, said = step(subject, exported, there)
            if said:
                (failures if failed else notes).append(f"{name} = {extent}: {said}")
    return Result.of(failures, notes=notes)


def _inside(subject, exported, end):
    """(whether it is wrong, what is to be said of it); nothing is said of what is right."""
    eager = behaviour.Call(subject, subject.fresh_model(), end, ROUND)
    if errors.is_out_of_memory(eager.error):
        return False, "not tried: out of memory"
    if eager.error is not None:
        return True, f"within the range, but eager raises {errors.short_reason(eager.error)}"
    call = behaviour.Call(subject, exported.program, end, ROUND)
    if call.error is not None:
        return True, agreement.complaint(subject, call)[0]
    wrong = _news(subject, exported, behaviour.differences(subject, call, eager))
    return bool(wrong), ", ".join(wrong)


def _outside(subject, exported, outside):
    """(whether it is wrong, what is to be said of it); nothing is said of a refusal."""
    call = behaviour.Call(subject, exported.program, outside, ROUND)
    if call.is_refused:
        return False, ""
    eager = behaviour.Call(subject, subject.fresh_model(), outside, ROUND)
    if call.error is not None:
        said = f"not refused, but raises {errors.short_reason(call.error)}"
        if eager.error is not None:
            return False, f"{said}, eager raises too"
        if call.is_turned_away:
            return False, "refused: the inputs have another structure there"
        return True, said
    if eager.error is not None:
        return True, f"accepted, eager raises {errors.short_reason(eager.error)}"
    differences = behaviour.differences(subject, call, eager)
    if not differences:
        return False, "accepted, as eager"
    wrong = _news(subject, exported, differences)
    if not wrong:
        return False, f"accepted, no worse than at pair {subject.pair.name}"
    return True, f"accepted, {', '.join(wrong)}"


def _news(subject, exported, differences):
    """Those that the check run did not find at the cell's own pair."""
    known = exported.run_reasons
    return [one for one in differences if f"pair {subject.pair.name}: {one}" not in known]
