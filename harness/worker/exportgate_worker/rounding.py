"""What rounding may change in a call: a program in other operators rounds at other places.

A decomposition of attention in bfloat16 rounds its scores, which eager keeps in float32. No fixed
tolerance holds for that: how far it reaches depends on the computation. So the model itself is
asked. It is called a few times with inputs and state that differ by two units in the last place of
the narrowest floats that the program computes with. A program may differ by as much as eager moved
then. Where an integer or a bool moved, it may have the values that came.

What such a change does not move, and an overflow, rounding does not explain.
"""

import torch

from exportgate_worker import judge, layouts

CALLS = 8
# Attention, bicubic interpolation, an LSTM and a layer of a transformer need less than half a unit.
UNITS = 2
# An element may by chance move in no call. It has this share of what is usual among those that do.
SHARE_OF_USUAL = 0.25
# Nobody adds or multiplies in floats of eight bits.
_COMPUTED_WITH = (torch.bfloat16, torch.float16, torch.float32, torch.float64)  # narrowest first


def narrowest_dtype(program):
    """Of the floats that an ExportedProgram computes with; None where it does not."""
    found = {
        value.dtype
        for module in program.graph_module.modules()
        if isinstance(module, torch.fx.GraphModule)
        for node in module.graph.nodes
        if node.op == "call_function"
        for value in judge.tree_leaves(node.meta.get("val"))
        if isinstance(value, torch.Tensor)
    }
    return next((dtype for dtype in _COMPUTED_WITH if dtype in found), None)


def note(dtype):
    """What is said of a call that is right only as rounding explains it."""
    name = str(dtype).replace("torch.", "")
    return f"rounds at other places than eager: differs by what {UNITS} units of {name} change"


def allowing(subject, eager, look):
    """`subject`, for which tensors are equal also where rounding explains how they differ.

    One of them is of `eager`, a call. `look(subject, call)` compares a further one with it.
    """
    explained = _Explained(subject)
    watching = subject.judged_by(explained.watch)
    generator = torch.Generator().manual_seed(0)
    for _ in range(CALLS):
        moved = subject.with_tensors(
            eager.pair, eager.round_, lambda one: _moved(one, subject.narrowest, generator)
        )
        call = type(eager)(moved, moved.fresh_model(), eager.pair, eager.round_)
        if call.error is None:
            look(watching, call)
    return subject.judged_by(explained.are_equal)


def _moved(tensor, dtype, generator):
    """A copy whose elements, if they are floats, are `UNITS` further in `dtype`, up or down.

    Elements of a narrower dtype stay: that they were rounded to it is not the program's doing.
    """
    moved = layouts.copy_of(tensor.detach())
    if not (moved.is_floating_point() or moved.is_complex()) or moved.numel() == 0:
        return moved
    # Of all the memory: elements of an expanded tensor lie at one place.
    memory = moved.as_strided((moved.untyped_storage().nbytes() // moved.itemsize,), (1,), 0)
    signs = torch.randint(0, 2, memory.shape, generator=generator) * 2 - 1
    factors = 1 + signs.double() * UNITS * torch.finfo(dtype).eps
    wide = torch.complex128 if moved.is_complex() else torch.float64
    memory.copy_(memory.to(wide) * factors)
    return moved


class _Explained:
    """What further calls of the model gave in place of each tensor of one of them."""

    def __init__(self, subject):
        self._subject = subject
        # id -> (tensor, what came in its place): as they are kept, no id is another's later.
        self._seen = {}

    def watch(self, outputs, others):
        """Takes everything for equal that may be compared."""
        if len(outputs) != len(others):
            return False
        for one, other in zip(outputs, others):
            if not isinstance(one, torch.Tensor) or not isinstance(other, torch.Tensor):
                if not self._subject.are_equal([one], [other]):
                    return False
                continue
            if not judge.are_alike(one, other):
                return False
            # Which of them is the one that is kept is seen when it comes again.
            self._seen.setdefault(id(one), (one, []))[1].append(other)
            self._seen.setdefault(id(other), (other, []))[1].append(one)
        return True

    def are_equal(self, outputs, others):
        if len(outputs) != len(others):
            return False
        return all(
            self._subject.are_equal([one], [other]) or self._is_explained(one, other)
            for one, other in zip(outputs, others)
        )

    def _is_explained(self, one, other):
        for kept, program in ((other, one), (one, other)):
            tensor, came = self._seen.get(id(kept), (None, []))
            if tensor is kept and tensor is not None and came:
                return _explains(program, kept, came, self._subject.tolerance_of(kept))
        return False


@judge.of_plain_tensors
def _explains(program, eager, came, tolerance):
    if not judge.are_alike(program, eager) or judge.names_of_parts(eager):
        return False
    if not (eager.is_floating_point() or eager.is_complex()):
        return bool(torch.stack([program == one for one in (eager, *came)]).any(0).all())
    distances = [_finite(judge.distance(one, eager)) for one in came]
    moved = torch.stack(distances).amax(0)
    usual = moved[moved > 0].median() if bool((moved > 0).any()) else moved.new_zeros(())
    rtol, atol = tolerance
    allowed = moved + SHARE_OF_USUAL * usual
    # NaN is no distance, and larger than none: only the same NaN is equal.
    allowed += atol + rtol * _finite(judge.distance(eager, torch.zeros_like(eager)))
    return bool((judge.distance(program, eager) <= allowed).all())


def _finite(distances):
    """An overflow of a further call tells nothing of rounding."""
    return torch.where(distances.isfinite(), distances, 0.0)
