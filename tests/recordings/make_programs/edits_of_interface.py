"""Mutations of what a program takes and returns, of its signature, and of nested graphs."""

import dataclasses
from functools import partial

import torch
from edits_of_sizes import fake_tensor
from graph_edits import (
    different,
    input_nodes,
    is_tensor,
    operands,
    output_node,
    placeholders,
    set_operand,
)
from torch.export.graph_signature import (
    InputKind,
    InputSpec,
    OutputKind,
    OutputSpec,
    TensorArgument,
)


def user_inputs(ep):
    return [(spec, node) for spec, node in input_nodes(ep) if spec.kind is InputKind.USER_INPUT]


def outputs(ep):
    """(index, spec, value) of the program's outputs."""
    values = output_node(ep).args[0]
    return [
        (i, *pair)
        for i, pair in enumerate(zip(ep.graph_signature.output_specs, values, strict=True))
    ]


def set_outputs(ep, values):
    output_node(ep).args = (tuple(values),)


def argument_of(node):
    return TensorArgument(name=node.name)


def drop_output(ep, index):
    values = list(output_node(ep).args[0])
    del values[index], ep.graph_signature.output_specs[index]
    set_outputs(ep, values)


@different
def output_dropped(ep):
    for index, _, _ in outputs(ep):
        if len(outputs(ep)) > 1:
            yield partial(drop_output, ep, index)


@different
def outputs_swapped(ep):
    found = outputs(ep)
    for (i, first, a), (j, second, b) in zip(found, found[1:], strict=False):
        if first.kind is second.kind is OutputKind.USER_OUTPUT and a is not b:

            def swap(i=i, j=j):
                values = list(output_node(ep).args[0])
                specs = ep.graph_signature.output_specs
                values[i], values[j] = values[j], values[i]
                specs[i], specs[j] = specs[j], specs[i]
                set_outputs(ep, values)

            yield swap


@different
def output_repeated(ep):
    for _, spec, value in outputs(ep):
        if spec.kind is OutputKind.USER_OUTPUT:

            def repeat(spec=spec, value=value):
                set_outputs(ep, [*output_node(ep).args[0], value])
                ep.graph_signature.output_specs.append(dataclasses.replace(spec))

            yield repeat


@different
def output_taken_from_another_value(ep):
    for index, spec, value in outputs(ep):
        earlier = [
            n for n in ep.graph.nodes if is_tensor(n) and n.op == "call_function" and n is not value
        ]
        if is_tensor(value) and earlier:

            def take(index=index, spec=spec, other=earlier[0]):
                values = list(output_node(ep).args[0])
                values[index] = other
                spec.arg = argument_of(other)
                set_outputs(ep, values)

            yield take


@different
def output_literal_changed(ep):
    for index, _, value in outputs(ep):
        if not isinstance(value, torch.fx.Node):
            other = (
                0
                if value is None
                else (not value)
                if isinstance(value, bool)
                else value + type(value)(1)
            )

            def change(index=index, other=other):
                values = list(output_node(ep).args[0])
                values[index] = other
                set_outputs(ep, values)

            if isinstance(value, (type(None), bool, int, float)):
                yield change


@different
def output_made_none(ep):
    for index, spec, value in outputs(ep):
        if is_tensor(value) and spec.kind is OutputKind.USER_OUTPUT:

            def change(index=index, spec=spec):
                values = list(output_node(ep).args[0])
                values[index] = None
                spec.arg = torch.export.graph_signature.ConstantArgument(name="", value=None)
                set_outputs(ep, values)

            yield change


@different
def output_kind_changed(ep):
    buffers = [spec.target for spec, _ in input_nodes(ep) if spec.kind is InputKind.BUFFER]
    tensors = [node.name for _, node in user_inputs(ep) if is_tensor(node)]
    for _, spec, value in outputs(ep):
        if not is_tensor(value):
            continue

        def change(spec=spec):
            if spec.kind is OutputKind.USER_OUTPUT:
                kind = OutputKind.BUFFER_MUTATION if buffers else OutputKind.USER_INPUT_MUTATION
                spec.kind, spec.target = kind, (buffers or tensors)[0]
            else:
                spec.kind, spec.target = OutputKind.USER_OUTPUT, None

        if buffers or tensors:
            yield change


@different
def mutation_target_changed(ep):
    targets = [spec.target for spec in ep.graph_signature.output_specs if spec.target is not None]
    names = targets + [node.name for spec, node in user_inputs(ep) if is_tensor(node)]
    for spec in ep.graph_signature.output_specs:
        for other in names if spec.target is not None else ():
            if other != spec.target and (
                spec.kind is OutputKind.USER_INPUT_MUTATION or other in targets
            ):
                yield partial(setattr, spec, "target", other)
                break


@different
def mutation_dropped(ep):
    for index, spec, _ in outputs(ep):
        if spec.kind in (OutputKind.BUFFER_MUTATION, OutputKind.USER_INPUT_MUTATION):
            yield partial(drop_output, ep, index)


@different
def input_added(ep):
    for _, node in user_inputs(ep)[-1:]:
        if is_tensor(node):

            def add(node=node):
                with ep.graph.inserting_after(node):
                    new = ep.graph.placeholder("one_more")
                new.meta["val"] = node.meta["val"]
                ep.graph_signature.input_specs.append(
                    InputSpec(InputKind.USER_INPUT, argument_of(new), None)
                )

            yield add


@different
def unused_input_dropped(ep):
    for spec, node in input_nodes(ep):
        if not node.users:

            def drop(spec=spec, node=node):
                ep.graph_signature.input_specs.remove(spec)
                ep.graph.erase_node(node)

            yield drop


@different
def inputs_swapped(ep):
    found = user_inputs(ep)
    for (first, a), (second, b) in zip(found, found[1:], strict=False):
        if a.users and b.users:

            def swap(first=first, a=a, second=second, b=b):
                specs = ep.graph_signature.input_specs
                i, j = specs.index(first), specs.index(second)
                specs[i], specs[j] = specs[j], specs[i]
                a.prepend(b)

            yield swap


@different
def inputs_exchange_their_uses(ep):
    """The same inputs, each used where the other was."""
    found = user_inputs(ep)
    for (_, a), (_, b) in zip(found, found[1:], strict=False):
        if a.users and b.users and is_tensor(a) and is_tensor(b):

            def exchange(a=a, b=b):
                users_of_a, users_of_b = list(a.users), list(b.users)
                for user in dict.fromkeys(users_of_a + users_of_b):
                    other = {a: b, b: a}
                    for path, value in list(operands(user)):
                        if value in (a, b):
                            set_operand(user, path, other[value])

            if not {u for u in (*a.users, *b.users) if u.op == "output"}:
                yield exchange


@different
def input_dtype_changed(ep):
    for _, node in input_nodes(ep):
        if is_tensor(node):

            def change(node=node):
                old = node.meta["val"]
                other = torch.float64 if old.dtype is not torch.float64 else torch.float32
                node.meta["val"] = fake_tensor(old, old.shape, other)

            yield change


@different
def input_rank_changed(ep):
    for _, node in input_nodes(ep):
        if is_tensor(node):

            def change(node=node):
                old = node.meta["val"]
                node.meta["val"] = fake_tensor(old, [*old.shape, 1])

            yield change


@different
def scalar_input_made_tensor(ep):
    tensors = [node for _, node in user_inputs(ep) if is_tensor(node)]
    for _, node in user_inputs(ep):
        if not is_tensor(node) and tensors:
            yield partial(node.meta.__setitem__, "val", tensors[0].meta["val"])


@different
def user_input_baked_in(ep):
    """What a silently captured cache looks like: a user's input became a constant."""
    for spec, node in user_inputs(ep):
        if is_tensor(node):

            def bake(spec=spec, node=node):
                spec.kind, spec.target = InputKind.CONSTANT_TENSOR, node.name

            yield bake


@different
def input_kind_changed(ep):
    other = {
        InputKind.PARAMETER: (InputKind.BUFFER, True),
        InputKind.BUFFER: (InputKind.PARAMETER, None),
        InputKind.CONSTANT_TENSOR: (InputKind.BUFFER, False),
        InputKind.TOKEN: (InputKind.USER_INPUT, None),
    }
    for spec, _ in input_nodes(ep):
        if spec.kind in other:

            def change(spec=spec):
                spec.kind, spec.persistent = other[spec.kind]

            yield change


@different
def input_target_renamed(ep):
    for spec, _ in input_nodes(ep):
        if spec.kind in (InputKind.PARAMETER, InputKind.BUFFER):
            yield partial(setattr, spec, "target", spec.target + "_of_another")


@different
def input_targets_exchanged(ep):
    found = [
        spec for spec, _ in input_nodes(ep) if spec.kind in (InputKind.PARAMETER, InputKind.BUFFER)
    ]
    for first, second in zip(found, found[1:], strict=False):

        def exchange(first=first, second=second):
            first.target, second.target = second.target, first.target

        yield exchange


@different
def persistence_flipped(ep):
    for spec, _ in input_nodes(ep):
        if spec.kind is InputKind.BUFFER:
            yield partial(setattr, spec, "persistent", not spec.persistent)


@different
def parameter_and_user_input_exchanged(ep):
    """The same placeholders in another order of kinds."""
    found = input_nodes(ep)
    for (first, a), (second, b) in zip(found, found[1:], strict=False):
        if (
            first.kind is InputKind.PARAMETER
            and second.kind is InputKind.USER_INPUT
            and b in placeholders(ep)
        ):

            def exchange(first=first, a=a, second=second, b=b):
                specs = ep.graph_signature.input_specs
                i = specs.index(first)
                specs[i], specs[i + 1] = second, first
                a.prepend(b)

            yield exchange


@different
def output_added(ep):
    """A value that was internal is returned as well."""
    returned = {value for _, _, value in outputs(ep)}
    for node in ep.graph.nodes:
        if node.op == "call_function" and is_tensor(node) and node not in returned:

            def add(node=node):
                set_outputs(ep, [*output_node(ep).args[0], node])
                spec = OutputSpec(OutputKind.USER_OUTPUT, argument_of(node), None)
                ep.graph_signature.output_specs.append(spec)

            yield add
