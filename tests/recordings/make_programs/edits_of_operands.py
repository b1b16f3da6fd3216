"""Mutations of operands: literals, keywords, lists, which tensor."""

import math
import operator
from functools import partial

import torch
from edits_of_calls import is_assertion
from graph_edits import (
    all_nodes,
    different,
    is_size,
    is_tensor,
    lists,
    operands,
    operators,
    set_operand,
    short,
    walk_constants,
)

aten = torch.ops.aten


def shape_text(node):
    """To compare sizes without asking torch, which would answer with a guard."""
    return str(tuple(node.meta["val"].shape))


def swaps_of_tensors(ep, names):
    for node in operators(ep):
        if node.target.overloadpacket.__name__ in names and len(node.args) > 1:
            first, second, *rest = node.args
            if is_tensor(first) and is_tensor(second) and first is not second:
                yield partial(setattr, node, "args", (second, first, *rest))


@different
def operands_swapped(ep):
    yield from swaps_of_tensors(
        ep, ("sub", "div", "matmul", "mm", "cat", "lt", "einsum", "copy_", "tensordot")
    )


@different
def commutative_operands_swapped(ep):
    yield from swaps_of_tensors(ep, ("add", "mul", "add_", "eq", "maximum"))


@different
def operand_rewired(ep):
    """A tensor operand is taken from an earlier value of the same type."""
    for node in operators(ep):
        if short(node).startswith("aten.sym_"):
            continue  # asks for sizes only, and those are the same
        earlier = []
        for other in node.graph.nodes:
            if other is node:
                break
            earlier.append(other)
        for path, value in operands(node):
            if not is_tensor(value):
                continue
            for other in reversed(earlier):
                if (
                    is_tensor(other)
                    and other is not value
                    and shape_text(other) == shape_text(value)
                ):
                    yield partial(set_operand, node, path, other)
                    break


def literal_edits(ep, kind, change, wanted=lambda value: True):
    for node in all_nodes(ep):
        if isinstance(node.target, torch._ops.OperatorBase) and not is_size(node):
            for path, value in walk_constants(node, kind):
                if wanted(value):
                    yield partial(set_operand, node, path, change(value))


@different
def int_literal_changed(ep):
    yield from literal_edits(ep, int, lambda value: value + 1 if value < 2**62 else value - 1)


@different
def int_literal_negated(ep):
    yield from literal_edits(
        ep, int, lambda value: -value, lambda value: value not in (0, 2**63 - 1)
    )


@different
def int_literal_made_float(ep):
    for node in operators(ep):
        if node.target in (
            aten.add.Tensor,
            aten.mul.Tensor,
            aten.sub.Tensor,
            aten.gt.Scalar,
            aten.lt.Scalar,
        ):
            for path, value in walk_constants(node, int):
                yield partial(set_operand, node, path, float(value))


@different
def float_last_digit_changed(ep):
    yield from literal_edits(
        ep, float, lambda value: math.nextafter(value, math.inf), math.isfinite
    )


@different
def float_sign_flipped(ep):
    yield from literal_edits(ep, float, lambda value: -value, lambda value: not math.isnan(value))


@different
def infinity_made_finite(ep):
    yield from literal_edits(ep, float, lambda value: math.copysign(1e308, value), math.isinf)


@different
def infinity_made_nan(ep):
    yield from literal_edits(ep, float, lambda value: math.nan, math.isinf)


@different
def complex_literal_changed(ep):
    yield from literal_edits(ep, complex, lambda value: value.conjugate())


@different
def bool_flipped(ep):
    yield from literal_edits(ep, bool, lambda value: not value)


@different
def bool_made_int(ep):
    yield from literal_edits(ep, bool, int)


@different
def string_literal_changed(ep):
    for node in operators(ep):
        if not is_assertion(node):
            for path, value in walk_constants(node, str):
                yield partial(set_operand, node, path, value + "x")


@different
def string_letter_case_changed(ep):
    for node in operators(ep):
        for path, value in walk_constants(node, str):
            if not is_assertion(node) and value.swapcase() != value:
                yield partial(set_operand, node, path, value.swapcase())


@different
def dtype_operand_changed(ep):
    yield from literal_edits(
        ep,
        torch.dtype,
        lambda value: torch.float64 if value is not torch.float64 else torch.float32,
    )


@different
def device_operand_changed(ep):
    yield from literal_edits(ep, torch.device, lambda value: torch.device("meta"))


@different
def device_index_added(ep):
    yield from literal_edits(ep, torch.device, lambda value: torch.device(value.type, 0))


@different
def layout_operand_changed(ep):
    yield from literal_edits(ep, torch.layout, lambda value: torch.sparse_coo)


@different
def memory_format_changed(ep):
    def other(value):
        return torch.contiguous_format if value is torch.channels_last else torch.channels_last

    yield from literal_edits(ep, torch.memory_format, other)


@different
def keyword_removed(ep):
    for node in operators(ep):
        for key in node.kwargs:
            yield partial(
                setattr, node, "kwargs", {k: v for k, v in node.kwargs.items() if k != key}
            )


@different
def keyword_added(ep):
    for node in operators(ep):
        names = [argument.name for argument in node.target._schema.arguments if argument.kwarg_only]
        for name in names:
            if name not in node.kwargs and name in ("alpha", "dtype", "memory_format"):
                value = {
                    "alpha": 2,
                    "dtype": torch.float64,
                    "memory_format": torch.preserve_format,
                }[name]
                yield partial(setattr, node, "kwargs", {**node.kwargs, name: value})


@different
def keyword_renamed(ep):
    """The value of one keyword under the name of another."""
    for node in operators(ep):
        if "dtype" in node.kwargs and "layout" not in node.kwargs:
            renamed = {
                "layout" if key == "dtype" else key: value for key, value in node.kwargs.items()
            }
            yield partial(setattr, node, "kwargs", renamed)


@different
def trailing_operand_dropped(ep):
    for node in operators(ep):
        if len(node.args) > 1 and not isinstance(node.args[-1], torch.fx.Node):
            yield partial(setattr, node, "args", node.args[:-1])


@different
def dim_operand_changed(ep):
    for node in operators(ep):
        for index, argument in enumerate(node.target._schema.arguments[: len(node.args)]):
            if argument.name in ("dim", "dim0", "dim1") and type(node.args[index]) is int:
                yield partial(set_operand, node, ("args", index), node.args[index] - 1)


@different
def list_shortened(ep):
    for node in operators(ep):
        for path, value in lists(node):
            if len(value) > 1:
                yield partial(set_operand, node, path, value[:-1])


@different
def list_lengthened(ep):
    for node in operators(ep):
        for path, value in lists(node):
            if value:
                yield partial(set_operand, node, path, [*value, value[-1]])


@different
def list_elements_swapped(ep):
    for node in operators(ep):
        for path, value in lists(node):
            if len(value) > 1 and value[0] != value[1]:
                yield partial(set_operand, node, path, [value[1], value[0], *value[2:]])


@different
def list_unwrapped(ep):
    for node in operators(ep):
        for path, value in lists(node):
            if len(value) == 1:
                yield partial(set_operand, node, path, value[0])


@different
def list_nested(ep):
    for node in operators(ep):
        for path, value in lists(node):
            yield partial(set_operand, node, path, [value])


@different
def none_put_for_tensor(ep):
    for node in operators(ep):
        for path, value in operands(node):
            if is_tensor(value) and path != ("args", 0):
                yield partial(set_operand, node, path, None)


@different
def tensor_put_for_none(ep):
    for node in operators(ep):
        tensors = [value for _, value in operands(node) if is_tensor(value)]
        for path, value in operands(node):
            if value is None and tensors:
                yield partial(set_operand, node, path, tensors[-1])


@different
def getitem_index_changed(ep):
    for node in all_nodes(ep):
        if node.op == "call_function" and node.target is operator.getitem:
            yield partial(setattr, node, "args", (node.args[0], node.args[1] + 1))
