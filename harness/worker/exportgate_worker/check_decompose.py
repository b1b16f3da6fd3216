"""The check `decompose`: the program in core ATen operators runs as the model does.

Its print is a golden of its own, and its dims are compared with the program's, by the harness.
"""

import contextlib

import torch._export.utils

from exportgate_worker import agreement, errors, judge
from exportgate_worker.checks import Result

REVISION = 2  # compares what a call leaves, too

ROUNDS = (1,)


def result(subject, exported):
    try:
        with _operators_are_looked_up_once():
            decomposed = judge.decomposed(exported.ep)
    except Exception as error:
        return Result("fail", [f"run_decompositions raises {errors.short_reason(error)}"])
    program = judge.module_of(decomposed)
    reasons = agreement.reasons_against(subject.in_other_operators(), program, ROUNDS)
    return exported.result_beyond_run(reasons, {"decomposed": judge.print_of(decomposed)})


@contextlib.contextmanager
def _operators_are_looked_up_once():
    """Within run_decompositions(), torch looks up once what C++ decomposes, not 54 times.

    torch 2.13 does so before it goes through any of 27 namespaces, and goes through them twice, for
    80 ms. Nothing is registered in between, so only the first time has an effect. A release without
    this function is left alone.
    """
    utils, name = torch._export.utils, "_materialize_cpp_cia_ops"
    look_up = getattr(utils, name, None)
    if look_up is None:
        yield
        return
    done = []

    def once(*arguments, **keywords):
        if arguments or keywords:  # a later release may ask for something
            return look_up(*arguments, **keywords)
        if not done:
            look_up()
            done.append(True)
        return None

    setattr(utils, name, once)
    try:
        yield
    finally:
        setattr(utils, name, look_up)
