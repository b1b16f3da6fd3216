"""Mutations of what is known about sizes: symbols, ranges, expressions, assertions."""

import operator
from functools import partial

import torch
from edits_of_calls import is_assertion
from graph_edits import (
    all_nodes,
    different,
    input_nodes,
    insert_after,
    is_integer,
    is_operator,
    is_size,
    is_tensor,
    operands,
    operators,
    set_operand,
    symbols_of,
)
from torch._dynamo.source import ConstantSource
from torch.fx.experimental.symbolic_shapes import DimDynamic
from torch.utils._sympy.value_ranges import ValueRanges

COMPARISONS = {
    operator.ge: operator.gt,
    operator.gt: operator.ge,
    operator.le: operator.lt,
    operator.lt: operator.le,
    operator.eq: operator.ge,
}
ARITHMETIC = {
    operator.add: operator.sub,
    operator.sub: operator.add,
    operator.mul: operator.add,
    operator.floordiv: operator.mul,
    operator.mod: operator.floordiv,
    operator.pow: operator.mul,
}


def value_of(operand):
    return operand.meta["val"] if isinstance(operand, torch.fx.Node) else operand


def recompute(node):
    node.meta["val"] = node.target(*map(value_of, node.args))


def shape_env(ep):
    for _, node in input_nodes(ep):
        for dim in node.meta["val"].shape if is_tensor(node) else ():
            if isinstance(dim, torch.SymInt):
                return dim.node.shape_env
    return None


def new_symbol(ep, hint, name="one_more"):
    """A size that no input has yet, and its range as torch would print it."""
    env = shape_env(ep)
    source = ConstantSource(name)
    symbol = env.create_symbol(hint, source=source, dynamic_dim=DimDynamic.DYNAMIC)
    ep.range_constraints[symbol] = ValueRanges(2, 64)
    return env.create_symintnode(symbol, hint=hint, source=source)


def fake_tensor(like, shape, dtype=None):
    with like.fake_mode:
        return torch.empty(shape, dtype=dtype or like.dtype, device=like.device)


def set_dim(node, dim, value):
    old = node.meta["val"]
    node.meta["val"] = fake_tensor(old, [value if i == dim else d for i, d in enumerate(old.shape)])
    for other in node.graph.nodes:
        if is_size(other):
            source, of_dim = other.args
            other.meta["val"] = source.meta["val"].shape[of_dim]
        elif other.target in ARITHMETIC or other.target in COMPARISONS:
            recompute(other)


def input_symbols(ep):
    """(placeholder, dim, symbol) of every input dim that is a bare symbol."""
    for _, node in input_nodes(ep):
        if is_tensor(node):
            for dim, symbol in enumerate(symbols_of(node.meta["val"].shape)):
                if symbol is not None:
                    yield node, dim, symbol


@different
def input_dim_made_constant(ep):
    for node, dim, _ in input_symbols(ep):
        yield partial(set_dim, node, dim, 7)


@different
def input_dim_constant_changed(ep):
    for _, node in input_nodes(ep):
        for dim, size in enumerate(node.meta["val"].shape if is_tensor(node) else ()):
            if isinstance(size, int):
                yield partial(set_dim, node, dim, size + 1)


@different
def input_dim_made_symbolic(ep):
    for _, node in input_nodes(ep):
        for dim, size in enumerate(node.meta["val"].shape if is_tensor(node) else ()):
            if isinstance(size, int) and size > 1 and shape_env(ep) is not None:
                yield lambda node=node, dim=dim, size=size: set_dim(node, dim, new_symbol(ep, size))


@different
def one_symbol_split_in_two(ep):
    found = list(input_symbols(ep))
    for node, dim, symbol in found:
        if sum(other is symbol for _, _, other in found) > 1:
            yield lambda node=node, dim=dim: set_dim(node, dim, new_symbol(ep, 5))


@different
def two_symbols_merged(ep):
    found = list(input_symbols(ep))
    for node, dim, symbol in found:
        for other, other_dim, other_symbol in found:
            if other_symbol is not symbol:
                yield partial(set_dim, node, dim, other.meta["val"].shape[other_dim])
                break


@different
def dims_of_one_input_exchanged(ep):
    for _, node in input_nodes(ep):
        if is_tensor(node) and node.meta["val"].dim() > 1:
            first, second, *rest = node.meta["val"].shape
            if str(first) != str(second):

                def exchange(node=node, shape=(second, first, *rest)):
                    node.meta["val"] = fake_tensor(node.meta["val"], shape)

                yield exchange


def range_edits(ep, change):
    used = {symbol for _, _, symbol in input_symbols(ep)}
    for key, bounds in ep.range_constraints.items():
        if key in used or str(key).startswith("u"):
            yield partial(ep.range_constraints.__setitem__, key, change(bounds))


@different
def range_lower_changed(ep):
    yield from range_edits(ep, lambda bounds: ValueRanges(bounds.lower + 1, bounds.upper))


@different
def range_upper_changed(ep):
    yield from range_edits(ep, lambda bounds: ValueRanges(bounds.lower, 4095))


@different
def range_dropped(ep):
    used = {symbol for _, _, symbol in input_symbols(ep)}
    for key in list(ep.range_constraints):
        if key in used or str(key).startswith("u"):
            yield partial(ep.range_constraints.pop, key)


@different
def ranges_exchanged(ep):
    keys = [key for key in ep.range_constraints if key.is_Symbol]
    for first, second in zip(keys, keys[1:], strict=False):
        if ep.range_constraints[first] != ep.range_constraints[second]:

            def exchange(first=first, second=second):
                ranges = ep.range_constraints
                ranges[first], ranges[second] = ranges[second], ranges[first]

            yield exchange


def expressions(ep):
    for node in all_nodes(ep):
        if (
            node.op == "call_function"
            and node.target in ARITHMETIC
            and is_integer(node)
            and node.users
        ):
            yield node


@different
def size_expression_operator_changed(ep):
    for node in expressions(ep):

        def change(node=node):
            node.target = ARITHMETIC[node.target]
            recompute(node)

        yield change


@different
def size_expression_constant_changed(ep):
    for node in expressions(ep):
        for index, argument in enumerate(node.args):
            if type(argument) is int:

                def change(node=node, index=index, argument=argument):
                    set_operand(node, ("args", index), argument + 1)
                    recompute(node)

                yield change


@different
def size_difference_reversed(ep):
    for node in expressions(ep):
        if node.target in (operator.sub, operator.floordiv, operator.mod) and len(node.args) == 2:

            def reverse(node=node):
                node.args = (node.args[1], node.args[0])
                recompute(node)

            yield reverse


@different
def size_function_replaced(ep):
    other = {torch.sym_max: torch.sym_min, torch.sym_min: torch.sym_max}
    for node in all_nodes(ep):
        if node.target in other:

            def change(node=node):
                node.target = other[node.target]
                recompute(node)

            yield change


@different
def size_operand_made_constant(ep):
    """How a program is silently specialised: a size becomes the number it had at export."""
    for node in operators(ep):
        for path, value in operands(node):
            if is_integer(value):
                yield partial(set_operand, node, path, 5)


@different
def size_operand_exchanged(ep):
    for node in operators(ep):
        for path, value in operands(node):
            if not is_integer(value):
                continue
            for other in node.graph.nodes:
                if other is node:
                    break
                if is_integer(other) and str(other.meta["val"]) != str(value.meta["val"]):
                    yield partial(set_operand, node, path, other)
                    break


@different
def size_dim_changed(ep):
    """sym_size asks for a dim that has another size."""
    for node in all_nodes(ep):
        if not is_size(node) or not node.users:
            continue
        shape = node.args[0].meta["val"].shape
        for dim, size in enumerate(shape):
            if isinstance(size, torch.SymInt) and str(size) != str(shape[node.args[1]]):

                def change(node=node, dim=dim, size=size):
                    node.args = (node.args[0], dim)
                    node.meta["val"] = size

                yield change


@different
def size_source_changed(ep):
    """sym_size asks a tensor whose dim has another size."""
    for node in all_nodes(ep):
        if not is_size(node) or not node.users:
            continue
        for other in node.graph.nodes:
            if other is node:
                break
            shape = other.meta["val"].shape if is_tensor(other) else ()
            if len(shape) > node.args[1]:
                size = shape[node.args[1]]
                if isinstance(size, torch.SymInt) and str(size) != str(node.meta["val"]):

                    def change(node=node, other=other, size=size):
                        node.args = (other, node.args[1])
                        node.meta["val"] = size

                    yield change


def scalar_assertions(ep):
    for node in operators(ep):
        if node.target is torch.ops.aten._assert_scalar.default:
            yield node


@different
def assertion_dropped(ep):
    for node in operators(ep):
        if is_assertion(node):
            yield partial(node.graph.erase_node, node)


@different
def assertion_added(ep):
    for node in list(ep.graph.nodes):
        if is_integer(node):

            def add(node=node):
                condition = insert_after(node, operator.gt, (node, 4), node.meta["val"] > 4)
                text = f"Runtime assertion failed for expression {condition.meta['val']} on node "
                text += f"'{condition.name}'"
                insert_after(
                    condition, torch.ops.aten._assert_scalar.default, (condition, text), None
                )

            yield add


@different
def assertion_expression_in_message_changed(ep):
    for node in scalar_assertions(ep):
        condition, text = node.args
        for old, new in ((">=", ">"), ("<=", "<"), ("Ne(", "Eq("), (" < ", " <= ")):
            if old in text:
                yield partial(setattr, node, "args", (condition, text.replace(old, new)))
                break


@different
def assertion_condition_changed(ep):
    for node in scalar_assertions(ep):
        condition = node.args[0]
        if condition.target in COMPARISONS:

            def change(condition=condition):
                condition.target = COMPARISONS[condition.target]
                recompute(condition)

            yield change


@different
def assertion_bound_changed(ep):
    for node in scalar_assertions(ep):
        condition = node.args[0]
        if condition.target in COMPARISONS and type(condition.args[1]) is int:

            def change(condition=condition):
                condition.args = (condition.args[0], condition.args[1] + 1)
                recompute(condition)

            yield change


@different
def assertion_negated(ep):
    for node in scalar_assertions(ep):

        def negate(node=node):
            condition = node.args[0]
            value = torch.sym_not(condition.meta["val"])
            opposite = insert_after(condition, torch.sym_not, (condition,), value)
            node.args = (opposite, *node.args[1:])

        yield negate


@different
def assertion_condition_exchanged(ep):
    """An assertion checks the condition of another one."""
    found = list(scalar_assertions(ep))
    for first, second in zip(found, found[1:], strict=False):
        yield partial(setattr, second, "args", (first.args[0], second.args[1]))


@different
def metadata_assertion_dtype_changed(ep):
    for node in operators(ep):
        if is_operator(node) and node.target is torch.ops.aten._assert_tensor_metadata.default:
            yield partial(setattr, node, "kwargs", {**node.kwargs, "dtype": torch.float64})
