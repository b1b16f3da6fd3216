"""The check `retrace`: the program, exported once more, runs as the model does.

Whether its dims are those of the program is seen from its print, by the harness.
"""

from exportgate_worker import agreement, errors, inputs, judge, made_program
from exportgate_worker.checks import Result
from exportgate_worker.findings import Findings

REVISION = 2  # compares what a call leaves, too

ROUNDS = (1,)


def result(subject, exported):
    own = subject.make_inputs(subject.leaves(subject.pair, inputs.EXPORT_ROUND))
    try:
        retraced = subject.export(exported.program, own, has_its_modules=False)
    except Exception as error:
        return Result("fail", [f"export raises {errors.short_reason(error)}"])
    program = judge.module_of(retraced)
    prints = {"retraced": judge.print_of(retraced)}
    findings = Findings(subject, agreement.reasons_against(subject, program, ROUNDS), [], prints)
    made_program.compare(subject, program, findings, exported.run_reasons)
    return exported.result_beyond_run(findings.reasons, prints)
