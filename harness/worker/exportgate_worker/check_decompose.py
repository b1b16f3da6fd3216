"""The check `decompose`: the program in core ATen operators runs as the model does.

Its print is a golden of its own, and its dims are compared with the program's, by the harness.
"""

from exportgate_worker import agreement, errors, judge, made_program, rounding
from exportgate_worker.checks import Result
from exportgate_worker.findings import Findings

REVISION = 2  # compares what a call leaves, too

ROUNDS = (1,)


def result(subject, exported):
    try:
        decomposed = judge.decomposed(exported.ep)
    except Exception as error:
        return Result("fail", [f"run_decompositions raises {errors.short_reason(error)}"])
    program = judge.module_of(decomposed)
    subject = subject.in_other_operators(exported.ep)
    prints = {"decomposed": judge.print_of(decomposed)}
    findings = Findings(subject, *agreement.compared_at_pairs(subject, program, ROUNDS), prints)
    edges = made_program.edges_in_other_operators(exported.ep)
    made_program.compare(subject, program, findings, exported.run_reasons, edges)
    found = exported.result_beyond_run(findings.reasons, prints)
    found.notes += [one for one in findings.notes if one == rounding.note(subject.narrowest)]
    return found
