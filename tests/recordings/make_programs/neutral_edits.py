"""Changes of spelling only: releases of torch differ in them, the structure is the same."""

import operator
import re
from functools import partial

import torch
from edits_of_calls import is_assertion
from edits_of_sizes import recompute
from graph_edits import (
    all_nodes,
    graph_modules,
    input_nodes,
    insert_after,
    is_integer,
    is_size,
    is_tensor,
    lists,
    map_nodes,
    operators,
    placeholders,
    rename,
    same,
    set_operand,
)
from torch.utils._sympy.value_ranges import ValueRanges


def rename_in_messages(graph, old, new):
    """torch writes the name of a node into the message of an assertion."""
    for node in graph.nodes:
        if node.op == "call_function" and is_assertion(node):
            node.args = tuple(
                a.replace(f"'{old}'", f"'{new}'") if isinstance(a, str) else a for a in node.args
            )


def rename_calls(ep, name_of):
    for module in graph_modules(ep.graph_module):
        calls = [node for node in module.graph.nodes if node.op == "call_function"]
        for index, node in enumerate(calls):
            old = node.name
            rename(node, name_of(index, len(calls)))
            rename_in_messages(module.graph, old, node.name)
            if module is ep.graph_module:
                rename_in_signature(ep, old, node.name)


def rename_in_signature(ep, old, new):
    for spec in (*ep.graph_signature.input_specs, *ep.graph_signature.output_specs):
        if spec.arg.name == old:
            spec.arg.name = new
    for spec in ep.graph_signature.output_specs:
        if (
            spec.kind.name in ("USER_INPUT_MUTATION", "GRADIENT_TO_USER_INPUT")
            and spec.target == old
        ):
            spec.target = new


@same
def calls_renamed(ep):
    yield partial(rename_calls, ep, lambda index, count: f"value_{index}")


@same
def calls_renamed_backwards(ep):
    """Names whose alphabetical order is the reverse of the order of the calls."""
    yield partial(rename_calls, ep, lambda index, count: f"z{count - index:04d}_call")


@same
def inputs_renamed(ep):
    def rename_all():
        for index, node in enumerate(placeholders(ep)):
            old = node.name
            rename(node, f"given_{index}")
            rename_in_signature(ep, old, node.name)

    yield rename_all


@same
def nested_inputs_renamed(ep):
    nested = list(graph_modules(ep.graph_module))[1:]

    def rename_all():
        for module in nested:
            for index, node in enumerate(n for n in module.graph.nodes if n.op == "placeholder"):
                rename(node, f"arg{index}_1")

    if nested:
        yield rename_all


@same
def nested_graphs_renamed(ep):
    """The attribute that holds a nested graph, and so its class, are names like those of nodes."""
    modules = [
        m for m in graph_modules(ep.graph_module) if any(n.op == "get_attr" for n in m.graph.nodes)
    ]

    def rename_all():
        for module in modules:
            found = [node for node in module.graph.nodes if node.op == "get_attr"]
            for index, node in enumerate(found):
                child, new = getattr(module, node.target), f"submod_{index + 5}"
                setattr(module, new, child)
                if all(other.target != node.target for other in found[index + 1 :]):
                    delattr(module, node.target)
                node.target = new

    if modules:
        yield rename_all


@same
def source_lines_removed(ep):
    def remove():
        for node in all_nodes(ep):
            node.meta.pop("stack_trace", None)

    yield remove


@same
def source_lines_changed(ep):
    def change():
        for index, node in enumerate(all_nodes(ep)):
            node.meta["stack_trace"] = (
                f'  File "/elsewhere/model.py", line {index}, in forward\n    y = x[0];  x = None\n'
            )

    yield change


@same
def annotations_removed(ep):
    """Types of intermediate tensors follow from the inputs and the calls; those of outputs stay."""
    returned = [node for m in graph_modules(ep.graph_module) for node in output_values(m.graph)]
    intermediate = [
        node
        for node in all_nodes(ep)
        if node.op == "call_function" and is_tensor(node) and node not in returned
        if not re.search(r"\bu\d", str(node.meta["val"].shape))
    ]

    def remove():
        for node in intermediate:
            for key in ("val", "tensor_meta", "example_value"):
                node.meta.pop(key, None)

    if intermediate:
        yield remove


def output_values(graph):
    return next(node for node in graph.nodes if node.op == "output").all_input_nodes


@same
def size_from_an_intermediate_value(ep):
    for node in ep.graph.nodes:
        if not is_size(node) or not node.users:
            continue
        for other in ep.graph.nodes:
            if other is min(node.users):
                break
            if other.op == "call_function" and is_tensor(other):
                for dim, size in enumerate(other.meta["val"].shape):
                    if str(size) == str(node.meta["val"]):

                        def change(node=node, other=other, dim=dim):
                            other.append(node)
                            node.args = (other, dim)

                        yield change


@same
def difference_written_as_sum(ep):
    for node in all_nodes(ep):
        if node.target is operator.sub and is_integer(node):

            def change(node=node):
                minuend, subtrahend = node.args
                negative = None if isinstance(subtrahend, torch.fx.Node) else -subtrahend
                if isinstance(subtrahend, torch.fx.Node):
                    with node.graph.inserting_before(node):
                        negative = node.graph.call_function(operator.mul, (subtrahend, -1))
                    recompute(negative)
                node.target, node.args = operator.add, (minuend, negative)
                recompute(node)

            if isinstance(node.args[1], (int, torch.fx.Node)):
                yield change


@same
def square_written_as_product(ep):
    for node in all_nodes(ep):
        if node.target is operator.pow and is_integer(node) and node.args[1] == 2:

            def change(node=node):
                node.target, node.args = operator.mul, (node.args[0], node.args[0])
                recompute(node)

            yield change


@same
def size_from_another_equal_dim(ep):
    for node in ep.graph.nodes:
        if not is_size(node):
            continue
        for _, other in input_nodes(ep):
            for dim, size in enumerate(other.meta["val"].shape if is_tensor(other) else ()):
                if str(size) == str(node.meta["val"]) and (other, dim) != tuple(node.args):
                    yield partial(setattr, node, "args", (other, dim))


@same
def size_moved_to_its_use(ep):
    for node in ep.graph.nodes:
        if is_size(node) and node.users:
            first = min(node.users)
            if first.prev is not node and first.op != "output":
                yield partial(first.prepend, node)


@same
def size_arithmetic_commuted(ep):
    for node in all_nodes(ep):
        if (
            node.target in (operator.add, operator.mul)
            and is_integer(node)
            and node.args[0] is not node.args[1]
        ):
            yield partial(setattr, node, "args", (node.args[1], node.args[0]))


@same
def size_arithmetic_reassociated(ep):
    """a + b as (b + 1) + (a - 1): the same expression, in three calls."""
    for node in all_nodes(ep):
        if node.target is operator.add and is_integer(node) and is_integer(node.args[0]):

            def change(node=node):
                a, b = node.args
                graph = node.graph
                with graph.inserting_before(node):
                    less = graph.call_function(operator.sub, (a, 1))
                    more = (
                        graph.call_function(operator.add, (b, 1))
                        if isinstance(b, torch.fx.Node)
                        else b + 1
                    )
                for new in (less, more):
                    if isinstance(new, torch.fx.Node):
                        recompute(new)
                node.args = (more, less)
                recompute(node)

            yield change


@same
def doubling_written_as_sum(ep):
    for node in all_nodes(ep):
        if node.target is operator.mul and 2 in node.args and is_integer(node):

            def change(node=node):
                size = next(a for a in node.args if isinstance(a, torch.fx.Node))
                node.target, node.args = operator.add, (size, size)
                recompute(node)

            yield change


@same
def size_asked_twice(ep):
    for node in ep.graph.nodes:
        if is_size(node) and node.users:

            def ask(node=node):
                again = insert_after(node, node.target, node.args, node.meta["val"])
                last = max(user for user in node.users if user is not again)
                last.args = map_nodes(last.args, lambda n: again if n is node else n)

            yield ask


def sized_input(ep):
    for _, node in input_nodes(ep):
        for dim, size in enumerate(node.meta["val"].shape if is_tensor(node) else ()):
            if isinstance(size, torch.SymInt) and size.node.expr.is_Symbol:
                return node, dim, size
    return None


@same
def unused_size_added(ep):
    found = sized_input(ep)
    if found:
        node, dim, size = found
        yield lambda: insert_after(node, torch.ops.aten.sym_size.int, (node, dim), size)


@same
def unused_size_arithmetic_added(ep):
    for node in ep.graph.nodes:
        if is_integer(node):

            def add(node=node):
                double = insert_after(node, operator.mul, (node, 2), node.meta["val"] * 2)
                insert_after(double, operator.add, (double, 3), double.meta["val"] + 3)

            yield add
            break


@same
def lists_written_as_tuples(ep):
    found = [(node, path, value) for node in operators(ep) for path, value in lists(node)]

    def change():
        for node, path, value in found:
            set_operand(node, path, tuple(value))

    if found:
        yield change


@same
def tuples_written_as_lists(ep):
    found = [
        (node, path, value)
        for node in all_nodes(ep)
        if isinstance(node.target, torch._ops.HigherOrderOperator)
        for path, value in lists(node)
    ]

    def change():
        for node, path, value in found:
            set_operand(node, path, list(value))

    if any(isinstance(value, tuple) for _, _, value in found):
        yield change


@same
def unused_range_added(ep):
    import sympy

    yield lambda: ep.range_constraints.__setitem__(sympy.Symbol("s97"), ValueRanges(2, 33))


@same
def ranges_reordered(ep):
    def reverse():
        items = list(ep.range_constraints.items())[::-1]
        ep.range_constraints.clear()
        ep.range_constraints.update(items)

    if len(ep.range_constraints) > 1:
        yield reverse
