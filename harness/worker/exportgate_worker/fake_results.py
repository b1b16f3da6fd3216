"""Whether the operators of a program return what the export was told that they return.

An operator has a kernel that computes, and one that tells the trace dtype and shape. Where the
second one lies, the program is right when it is called, and whoever compiles it from its
annotations is wrong.
"""

import torch

from exportgate_worker import errors, judge, state
from exportgate_worker.randomness import Seeded


def compare(subject, program, round_):
    """(reasons, notes): of all operators, called with the inputs of the cell's own pair."""
    kept = state.of(program, False)
    made = subject.make_inputs(subject.leaves(subject.pair, round_))
    watching = _Watching(program)
    try:
        with Seeded(subject.seed), judge.no_grad():
            watching.run(*made.leaves(), enable_io_processing=False)
    except Exception as error:
        return [], [f"operators: not all looked at: {errors.short_reason(error)}"]
    finally:
        kept.restore()
    return list(dict.fromkeys(watching.found)), []


class _Watching(torch.fx.Interpreter):
    def __init__(self, program):
        super().__init__(program)
        self.found = []

    def run_node(self, n):
        result = super().run_node(n)
        if n.op == "call_function":
            for one, told in _pairs(result, n.meta.get("val")):
                self.found += [f"operator {n.target}: {said}" for said in _lies(one, told)]
        return result


def _pairs(result, told):
    if isinstance(result, torch.Tensor) and isinstance(told, torch.Tensor):
        return [(result, told)]
    if isinstance(result, (list, tuple)) and isinstance(told, (list, tuple)):
        return [pair for both in zip(result, told) for pair in _pairs(*both)]
    return []


def _lies(result, told):
    if result.dtype != told.dtype:
        dtypes = (str(one.dtype).removeprefix("torch.") for one in (result, told))
        return ["returns {}, its fake kernel {}".format(*dtypes)]
    if result.dim() != told.dim():
        return [f"returns {result.dim()} dims, its fake kernel {told.dim()}"]
    return [
        f"returns {extent} in dim {dim}, its fake kernel {said}"
        for dim, (extent, said) in enumerate(zip(result.shape, told.shape))
        if type(said) is int and extent != said
    ]
