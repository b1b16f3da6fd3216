"""The check `traits`: what is true of the program's values and yet differs from eager.

Strides, shared memory, identity, gradients and signs of zero, and values in another grad mode than
that of the export. Of the exported program only: what is made from it may differ.
"""

import copy

import torch

from exportgate_worker import (
    agreement,
    errors,
    extents,
    fake_results,
    gradients,
    rounds,
    traits,
)
from exportgate_worker.behaviour import Call
from exportgate_worker.checks import Result
from exportgate_worker.differences import compared

ROUND = 1
MOST_BYTES = 1 << 19  # of the inputs at a large pair
GRAD_MODES = (("no_grad", torch.no_grad), ("inference_mode", torch.inference_mode))


def result(subject, exported):
    own = f"pair {subject.pair.name}: "
    does_not_run = tuple(own + word for word in ("raises ", "refused", "returns another structure"))
    if any(reason.startswith(does_not_run) for reason in exported.run_reasons):
        return Result.not_applicable("the program does not run as eager at its own pair")
    found, notes = exported.found_for.get("traits", []), []
    program = exported.program
    pairs = _pairs(subject, exported.run_reasons)
    calls = [_both(subject, program, pair) for pair in pairs]
    runs_at = [pair for pair, both in zip(pairs, calls) if all(one.error is None for one in both)]
    calls.append(_both(_with_zeros(subject), program, subject.pair))
    for call, eager in calls:
        if call.error is None and eager.error is None:
            said = {_kind(reason) for reason in found}
            found += [one for one in traits.differences(call, eager) if _kind(one) not in said]
    if calls[0][0].error is None and calls[0][1].error is None:
        found += _in_the_next_call(subject, program)
    for pair in runs_at:
        is_other = pair is not subject.pair
        if not (is_other and (found or exported.run_reasons)):
            lies, said = fake_results.compare(
                _at(subject, pair), program, ROUND, with_those_of_torch=not is_other
            )
            found, notes = found + lies, notes + said
    written = calls[0][1].changed
    why = rounds.switched_off(subject.case, "grad")
    if why:
        notes.append(f"grad: not tried: {why}")
        return Result.of(list(dict.fromkeys(found)), notes=notes)
    for of in (
        gradients.compare(subject, program, ROUND, written, exported.run_reasons),
        _in_other_grad_modes(subject, program, exported.run_reasons),
        ([], _under_autocast(subject, program, exported.run_reasons)),
    ):
        found, notes = found + of[0], notes + of[1]
    if not found:
        at_ties, _ = gradients.compare(
            _with_ties(subject), program, ROUND, written, exported.run_reasons
        )
        found += [f"with ties and zeros: {reason}" for reason in at_ties]
    if not found:
        others = [pair for pair in runs_at if pair is not subject.pair]
        found += _gradients_at(others, subject, program, written, exported.run_reasons)
    return Result.of(list(dict.fromkeys(found)), notes=list(dict.fromkeys(notes)))


def _gradients_at(pairs, subject, program, written, known):
    """Notes of them are those of the cell's own pair."""
    for pair in pairs:
        reasons, _ = gradients.compare(_at(subject, pair), program, ROUND, written, known)
        if reasons:
            return [f"pair {pair.name}: {reason}" for reason in reasons]
    return []


def _at(subject, pair):
    other = copy.copy(subject)
    other.pair = pair
    return other


def _in_the_next_call(subject, program):
    """An output that lies in the same memory in each call is overwritten by whoever writes into
    the one before."""
    sharing = []
    for function in (program, subject.fresh_model()):
        calls = [Call(subject, function, subject.pair, ROUND) for _ in range(2)]
        if any(call.error is not None for call in calls):
            return []
        sharing.append(traits.shared_with_the_next_call(*calls))
    return [f"output {i}: in the same memory in each call" for i in sorted(sharing[0] - sharing[1])]


def _kind(reason):
    """Strides are others at each pair; that they differ is said once."""
    return reason.partition(": strides ")[0] if ": strides " in reason else reason


def _both(subject, program, pair):
    return Call(subject, program, pair, ROUND), Call(subject, subject.fresh_model(), pair, ROUND)


def _pairs(subject, known):
    """The cell's own, and two that the program has to run at besides. The second is large, and
    there only where it does what eager does: `known` are reasons of the check run."""
    if subject.dims == "static":
        return [subject.pair]
    others = [pair for pair in subject.case.pairs if pair.name != subject.pair.name]
    return [subject.pair, *others[:1], *([] if known else _large(subject))]


def _large(subject):
    if rounds.switched_off(subject.case, "extents"):
        return []
    tried, _ = extents.tried(subject.case, subject.pair, subject.seed, subject.numbers_in_code)
    sizes = [(extents.bytes_of_inputs(subject.case, pair), i) for i, pair in enumerate(tried)]
    fitting = [size for size in sizes if size[0] <= MOST_BYTES]
    return [tried[max(fitting)[1]]] if fitting else []


def _with_zeros(subject):
    """`subject`, but its floating leaves hold zeros of both signs, where any value is declared."""

    def zeros(flat, _):
        flat[::3] = 0.0
        flat[1::3] = -0.0

    return _with_other_floats(subject, zeros)


def _with_ties(subject):
    """The same with equal numbers, zeros, a row of zeros, and large numbers: there a gradient is
    shared, or has a jump."""

    def ties(flat, row):
        flat[::4] = flat[::4].round()
        flat[1::4] = 0.0
        flat[2::8] *= 64
        flat[3::8] = -1.0
        flat[:row] = 0.0

    return _with_other_floats(subject, ties)


def _with_other_floats(subject, change):
    """`subject`; `change(flat, row)` sets elements of its floating leaves. `row`: how many elements
    the last dim has."""
    other = copy.copy(subject)
    declared = {leaf.name: leaf.values for leaf in subject.case.inputs}

    def leaves(pair, round_):
        found = subject.leaves(pair, round_)
        for name, leaf in found.items():
            is_tensor = isinstance(leaf, torch.Tensor)
            if is_tensor and leaf.dtype.is_floating_point and declared[name] is None:
                # Floats of eight bits have no kernels to compute with.
                flat = leaf.to(torch.float32 if leaf.dtype.itemsize == 1 else leaf.dtype, copy=True)
                flat = flat.reshape(-1)
                change(flat, leaf.shape[-1] if leaf.dim() else 0)
                found[name] = flat.reshape(leaf.shape).to(leaf.dtype)
        return found

    other.leaves = leaves
    return other


def _in_other_grad_modes(subject, program, known):
    """(reasons, notes) of values that differ under no_grad or inference_mode."""
    for name, mode in GRAD_MODES:
        model = subject.fresh_model()
        with mode():
            eager = Call(subject, model, subject.pair, ROUND)
            if eager.error is not None:
                said = errors.short_reason(eager.error)
                return [], [f"under {name}: not tried: eager raises {said}"]
            call = Call(subject, program, subject.pair, ROUND)
            if call.error is not None:
                return [f"under {name}: raises {errors.short_reason(call.error)}"], []
            reasons = compared(subject, call, eager).reasons
        new = [one for one in reasons if f"pair {subject.pair.name}: {one}" not in known]
        if new:
            return [f"under {name}: {one}" for one in new], []
    return [], []


def _under_autocast(subject, program, known):
    """Notes: nobody declares it, and a program has the casts of the export in it."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        both = agreement.Both(subject, program, subject.pair, ROUND)
        if both.eager.error is not None:
            return []
        reasons = both.reasons()
    own = f"pair {subject.pair.name}: "
    return [f"under autocast: {one}" for one in reasons if own + one not in known]
