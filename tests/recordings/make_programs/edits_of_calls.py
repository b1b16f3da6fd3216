"""Mutations of calls: which operator, how often, in which order."""

from functools import partial

import torch
from graph_edits import different, insert_after, is_operator, is_tensor, operators, same, short

aten = torch.ops.aten

OTHER_OPERATOR = {
    aten.add.Tensor: aten.sub.Tensor,
    aten.sub.Tensor: aten.add.Tensor,
    aten.mul.Tensor: aten.div.Tensor,
    aten.cos.default: aten.sin.default,
    aten.sin.default: aten.cos.default,
    aten.neg.default: aten.abs.default,
    aten.relu.default: aten.tanh.default,
    aten.matmul.default: aten.mm.default,
    aten.clone.default: aten.detach.default,
    aten.zeros.default: aten.ones.default,
    aten.rand.default: aten.randn.default,
    aten.gt.Scalar: aten.ge.Scalar,
    aten.lt.Scalar: aten.le.Scalar,
    aten.max.dim: aten.min.dim,
    aten.exp.default: aten.expm1.default,
    aten.mean.default: aten.sum.default,
    aten.floor.default: aten.ceil.default,
}


def is_assertion(node):
    return is_operator(node) and short(node).startswith("aten._assert")


def is_pure(node):
    return is_operator(node) and not node.target._schema.is_mutable and not is_assertion(node)


@different
def operator_replaced(ep):
    for node in operators(ep):
        if node.target in OTHER_OPERATOR:
            yield partial(setattr, node, "target", OTHER_OPERATOR[node.target])


@different
def overload_replaced(ep):
    for node in operators(ep):
        packet = node.target.overloadpacket
        others = [
            name
            for name in packet.overloads()
            if not name.endswith("out") and name != node.target._overloadname
        ]
        if others:
            yield partial(setattr, node, "target", getattr(packet, others[0]))


@different
def call_duplicated(ep):
    for node in operators(ep):
        if is_pure(node) and is_tensor(node):
            yield partial(insert_after, node, node.target, node.args, node.meta["val"], node.kwargs)


@different
def call_bypassed(ep):
    """A call of one operand goes, its operand is used instead."""
    for node in operators(ep):
        tensors = [argument for argument in node.args if is_tensor(argument)]
        if is_pure(node) and is_tensor(node) and node.users and tensors:

            def bypass(node=node, operand=tensors[0]):
                node.replace_all_uses_with(operand)
                for spec in ep.graph_signature.output_specs:
                    if spec.arg.name == node.name:
                        spec.arg.name = operand.name
                node.graph.erase_node(node)

            yield bypass


def has_effect(node):
    random = ("aten.rand", "aten.dropout", "aten.bernoulli", "aten.randperm")
    return is_operator(node) and (
        node.target._schema.is_mutable or is_assertion(node) or short(node).startswith(random)
    )


def swaps_of_effects(ep):
    """(a call with side effects, the next one, exchanges them), where neither needs the other."""
    for node in operators(ep):
        if not has_effect(node):
            continue
        for later in node.graph.nodes:
            if later <= node or not has_effect(later):
                continue
            movable = all(argument < node for argument in later.all_input_nodes)
            if movable and (short(later) != short(node) or later.args != node.args):
                yield node, later, partial(node.prepend, later)
            break


@different
def effects_swapped(ep):
    for node, later, swap in swaps_of_effects(ep):
        if not (is_assertion(node) and is_assertion(later)):
            yield swap


@same
def assertions_swapped(ep):
    """In which order a program is checked means nothing."""
    for node, later, swap in swaps_of_effects(ep):
        if is_assertion(node) and is_assertion(later):
            yield swap


@different
def effect_removed(ep):
    for node in operators(ep):
        if has_effect(node) and not node.users and not is_assertion(node):
            yield partial(node.graph.erase_node, node)
