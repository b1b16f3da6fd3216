"""The check `run`: the exported program computes what the model computes, wherever it was asked to.

At every pair with two sets of values, neither of which the program was exported with: a value that
was baked in shows. Then in a row, at other extents, with values at the edge, in other layouts.
"""

from exportgate_worker import agreement, further_rounds, power, rounds, row, unfilled
from exportgate_worker.findings import Findings

REVISION = 2  # compares what a call leaves, too, and calls programs in further rounds


def result(subject, exported):
    program = exported.program
    seen = power.Power(subject)
    reasons, notes = agreement.compared_at_pairs(subject, program, rounds.RANDOM, seen.look)
    reasons += seen.reasons()
    notes += seen.notes()
    if subject.fill is not None:
        notes.append(unfilled.NOTE)
    findings = Findings(subject, reasons, notes)
    raised = f"pair {subject.pair.name}: raises "
    refused = f"pair {subject.pair.name}: refused"
    if not any(reason.startswith((raised, refused)) for reason in reasons):
        _further_rounds(subject, program, findings)
    return findings.result()


def _further_rounds(subject, program, findings):
    caller = agreement.Caller(subject, program, None)
    if _is_on(subject, row.NAME, findings):
        caller.used = row.compare(subject, program, _pairs(subject, findings), findings)
    for name, compare in further_rounds.ALL:
        if name == "extents" and (subject.dims == "static" or not subject.case.dims):
            continue
        if _is_on(subject, name, findings):
            compare(caller, findings)


def _is_on(subject, name, findings):
    why = rounds.switched_off(subject.case, name)
    if why:
        findings.note(name, f"not tried: {why}")
    return not why


def _pairs(subject, findings):
    """Those that the program runs at, the cell's own first."""
    if subject.dims == "static":
        return [subject.pair]
    others = [pair for pair in subject.case.pairs if pair.name != subject.pair.name]
    fails = [reason.partition(":")[0] for reason in findings.reasons]
    return [subject.pair, *(pair for pair in others if f"pair {pair.name}" not in fails)]
