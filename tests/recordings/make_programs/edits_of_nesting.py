"""Mutations of the graphs nested in a program: branches, bodies of loops, what they are given."""

from functools import partial

import torch
from edits_of_sizes import fake_tensor
from graph_edits import different, graph_modules, is_tensor, operands, set_operand


def calls_with_graphs(ep):
    """(call, [paths of its operands that are nested graphs])"""
    for module in graph_modules(ep.graph_module):
        for node in module.graph.nodes:
            if isinstance(node.target, torch._ops.HigherOrderOperator):
                paths = [
                    p
                    for p, v in operands(node)
                    if isinstance(v, torch.fx.Node) and v.op == "get_attr"
                ]
                if paths:
                    yield node, paths


@different
def branches_swapped(ep):
    for node, paths in calls_with_graphs(ep):
        if len(paths) == 2:

            def swap(node=node, paths=paths):
                first, second = (dict(operands(node))[path] for path in paths)
                set_operand(node, paths[0], second)
                set_operand(node, paths[1], first)

            yield swap


@different
def branch_used_twice(ep):
    for node, paths in calls_with_graphs(ep):
        if len(paths) == 2:
            yield partial(set_operand, node, paths[1], dict(operands(node))[paths[0]])


@different
def branch_replaced_by_its_twin(ep):
    """The nested graphs change places and keep their names: nothing but the bodies differs."""
    for node, paths in calls_with_graphs(ep):
        if len(paths) == 2:

            def swap(node=node, paths=paths):
                owner = node.graph.owning_module
                first, second = (dict(operands(node))[path].target for path in paths)
                one, two = getattr(owner, first), getattr(owner, second)
                setattr(owner, first, two)
                setattr(owner, second, one)

            yield swap


@different
def nested_operand_dropped(ep):
    for node, _ in calls_with_graphs(ep):
        last = node.args[-1]
        if isinstance(last, (list, tuple)) and last:
            yield partial(set_operand, node, ("args", len(node.args) - 1), last[:-1])
        elif is_tensor(last):
            yield partial(setattr, node, "args", node.args[:-1])


@different
def nested_operands_swapped(ep):
    for node, _ in calls_with_graphs(ep):
        last = node.args[-1]
        if isinstance(last, (list, tuple)) and len(last) > 1:
            new = [last[1], last[0], *last[2:]]
            yield partial(set_operand, node, ("args", len(node.args) - 1), type(last)(new))


@different
def nested_output_repeated(ep):
    for module in list(graph_modules(ep.graph_module))[1:]:
        output = next(node for node in module.graph.nodes if node.op == "output")
        if isinstance(output.args[0], (list, tuple)):
            yield partial(setattr, output, "args", ((*output.args[0], output.args[0][0]),))


@different
def nested_inputs_swapped(ep):
    for module in list(graph_modules(ep.graph_module))[1:]:
        inputs = [node for node in module.graph.nodes if node.op == "placeholder"]
        if len(inputs) > 1 and inputs[0].users and inputs[1].users:
            yield partial(inputs[0].prepend, inputs[1])


@different
def nested_input_dtype_changed(ep):
    for module in list(graph_modules(ep.graph_module))[1:]:
        for node in module.graph.nodes:
            if node.op == "placeholder" and is_tensor(node):

                def change(node=node):
                    old = node.meta["val"]
                    node.meta["val"] = fake_tensor(old, old.shape, torch.complex64)

                yield change
