"""Whether the operators of a program return what the export was told that they return.

An operator has a kernel that computes, and one that tells the trace dtype and shape. Where the
second one lies, the program is right when it is called, and whoever compiles it from its
annotations is wrong. And so is whoever believes the schema of an operator that writes into its
arguments.
"""

import torch

from exportgate_worker import errors, judge, state
from exportgate_worker.randomness import Seeded


def compare(subject, program, round_, with_those_of_torch=True):
    """(reasons, notes): of all operators, called with the inputs of the pair of `subject`.

    `with_those_of_torch`: also of torch's own. Theirs are not to blame where an extent that should
    be dynamic is a number: the checks `dims` and `constants` say so.
    """
    kept = state.of(program, False)
    made = subject.make_inputs(subject.leaves(subject.pair, round_))
    watching = _Watching(program, with_those_of_torch)
    try:
        with Seeded(subject.seed), judge.no_grad():
            watching.run(*made.leaves(), enable_io_processing=False)
    except Exception as error:
        return [], [f"operators: not all looked at: {errors.short_reason(error)}"]
    finally:
        kept.restore()
    return list(dict.fromkeys(watching.found)), []


class _Watching(torch.fx.Interpreter):
    def __init__(self, program, with_those_of_torch):
        super().__init__(program)
        self._with_those_of_torch = with_those_of_torch
        self.found = []
        self._extents = {}  # symbol -> what it is in this call

    def run_node(self, n):
        arguments = self._not_to_be_written(n)
        result = super().run_node(n)
        pairs = _pairs(result, n.meta.get("val"))
        for one, told in pairs:
            self._bind(one, told)
        is_asked = self._with_those_of_torch or not _is_of_torch(n.target)
        if n.op == "call_function" and is_asked:
            for one, told in pairs:
                lies = self._lies(one, told, is_of_torch=_is_of_torch(n.target))
                self.found += [f"operator {n.target}: {said}" for said in lies]
            self.found += [
                f"operator {n.target}: writes into its argument {name} and does not say so"
                for name, tensor, before in arguments
                if not judge.are_same(tensor, before)
            ]
        return result

    def _not_to_be_written(self, n):
        """(name, tensor, its values) of the arguments of an operator that is not torch's own, which
        its schema says nothing of."""
        if n.op != "call_function" or _is_of_torch(n.target):
            return []
        args, kwargs = self.fetch_args_kwargs_from_env(n)
        declared = n.target._schema.arguments
        given = {**{one.name: value for one, value in zip(declared, args)}, **kwargs}
        return [
            (one.name, value, judge.copied(value))
            for one in declared
            if isinstance(value := given.get(one.name), torch.Tensor)
            and not (one.alias_info and one.alias_info.is_write)
        ]

    def _bind(self, one, told):
        """What symbols stand for here: those of the inputs, and those that an operator makes."""
        both = [(one, told)]
        if isinstance(told, torch.Tensor):
            both = zip(one.shape, told.shape)
        for extent, said in both:
            expression = _expression(said)
            if getattr(expression, "is_symbol", False):
                self._extents.setdefault(expression, extent)

    def _lies(self, result, told, is_of_torch):
        if not isinstance(told, torch.Tensor):
            said = self._value(told)
            return [] if said in (None, result) else [f"returns {result}, its fake kernel {said}"]
        if result.dtype != told.dtype:
            dtypes = (str(one.dtype).removeprefix("torch.") for one in (result, told))
            return ["returns {}, its fake kernel {}".format(*dtypes)]
        if result.device.type != told.device.type:
            return [f"returns a tensor on {result.device.type}, its fake kernel {told.device.type}"]
        if result.dim() != told.dim():
            return [f"returns {result.dim()} dims, its fake kernel {told.dim()}"]
        found = [
            f"returns {extent} in dim {dim}, its fake kernel {said}"
            for dim, extent in enumerate(result.shape)
            if (said := self._value(told.shape[dim])) not in (None, extent)
        ]
        # Of torch's own operators the trace knows other strides than their kernels, here and there.
        if found or is_of_torch or result.layout != torch.strided or result.numel() == 0:
            return found
        return [
            f"returns a stride of {result.stride(dim)} in dim {dim}, its fake kernel {said}"
            for dim, extent in enumerate(result.shape)
            if extent > 1
            and (said := self._value(told.stride(dim))) not in (None, result.stride(dim))
        ]

    def _value(self, said):
        """What `said` is in this call; None where it has a symbol that nothing was bound to."""
        if type(said) is int:
            return said
        expression = _expression(said)
        if expression is None:
            return None
        value = expression.xreplace(self._extents)
        return int(value) if getattr(value, "is_number", True) else None


def _expression(said):
    """Of sympy, for an integer that has symbols."""
    return said.node.expr if isinstance(said, torch.SymInt) else None


def _is_of_torch(target):
    namespace = getattr(target, "namespace", None)
    return not hasattr(target, "_schema") or namespace in ("aten", "prims", "prim")


def _pairs(result, told):
    if isinstance(result, torch.Tensor) and isinstance(told, torch.Tensor):
        return [(result, told)]
    if type(result) is int and isinstance(told, torch.SymInt):
        return [(result, told)]
    if isinstance(result, (list, tuple)) and isinstance(told, (list, tuple)):
        return [pair for both in zip(result, told) for pair in _pairs(*both)]
    return []
