"""What every mutation needs: ways around an exported graph, and the two lists of mutations."""

import torch
from torch.fx.node import map_aggregate

DIFFERENT = {}  # kind -> function; the canonical form must tell such a mutant from its base
SAME = {}  # kind -> function; the canonical form must not


def different(function):
    """A kind of change that must be caught. The function yields an edit for each possible place."""
    DIFFERENT[function.__name__] = function
    return function


def same(function):
    """A kind of change that must be neutral."""
    SAME[function.__name__] = function
    return function


def graph_modules(module):
    """The module and every graph module nested in it, outermost first."""
    yield module
    for _, child in module.named_children():
        if isinstance(child, torch.fx.GraphModule):
            yield from graph_modules(child)


def all_nodes(ep):
    for module in graph_modules(ep.graph_module):
        yield from module.graph.nodes


def is_operator(node):
    return node.op == "call_function" and isinstance(node.target, torch._ops.OpOverload)


def is_size(node):
    return is_operator(node) and node.target is torch.ops.aten.sym_size.int


def is_integer(node):
    """A node whose value is an int that depends on shapes or on data."""
    return isinstance(node, torch.fx.Node) and isinstance(node.meta.get("val"), torch.SymInt)


def is_tensor(node):
    return isinstance(node, torch.fx.Node) and isinstance(node.meta.get("val"), torch.Tensor)


def operators(ep):
    """Calls of operators on tensors, in all graphs; sym_size is none."""
    return [node for node in all_nodes(ep) if is_operator(node) and not is_size(node)]


def short(node):
    """'aten.add.Tensor'"""
    return str(node.target)


def leaves(value, path=()):
    """(path, leaf) of everything inside nested lists, tuples and dicts."""
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    else:
        yield path, value


def operands(node):
    """(path, leaf) of a call's operands; a path starts with 'args' or 'kwargs'."""
    yield from leaves({"args": node.args, "kwargs": dict(node.kwargs)})


def lists(node):
    """(path, list) of a call's operands that are lists."""
    for index, value in enumerate(node.args):
        if isinstance(value, (list, tuple)):
            yield ("args", index), value
    for key, value in node.kwargs.items():
        if isinstance(value, (list, tuple)):
            yield ("kwargs", key), value


def replaced(value, path, new):
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {
            key: replaced(item, rest, new) if key == first else item for key, item in value.items()
        }
    items = [
        replaced(item, rest, new) if index == first else item for index, item in enumerate(value)
    ]
    return tuple(items) if isinstance(value, tuple) else items


def set_operand(node, path, new):
    if path[0] == "args":
        node.args = tuple(replaced(node.args, path[1:], new))
    else:
        node.kwargs = replaced(dict(node.kwargs), path[1:], new)


def insert_after(node, target, args, value, kwargs=None):
    """A new call after `node` (after all placeholders, where `node` is one)."""
    graph = node.graph
    anchor = (
        [n for n in graph.nodes if n.op == "placeholder"][-1] if node.op == "placeholder" else node
    )
    with graph.inserting_after(anchor):
        new = graph.call_function(target, args, kwargs or {})
    new.meta["val"] = value
    return new


def rename(node, name):
    """Gives a node a name of one's own, as printed."""
    node._rename(name)
    if node.op == "placeholder":
        node.target = node.name


def placeholders(ep):
    return [node for node in ep.graph.nodes if node.op == "placeholder"]


def input_nodes(ep):
    """(spec, placeholder) of the program's inputs."""
    return list(zip(ep.graph_signature.input_specs, placeholders(ep), strict=True))


def output_node(ep):
    return next(node for node in ep.graph.nodes if node.op == "output")


def symbols_of(shape):
    """The symbol of each dim that is a bare symbol, else None."""
    found = []
    for dim in shape:
        expression = dim.node.expr if isinstance(dim, torch.SymInt) else None
        found.append(expression if expression is not None and expression.is_Symbol else None)
    return found


def walk_constants(node, kind):
    """(path, value) of the operands whose type is exactly `kind`."""
    return [(path, value) for path, value in operands(node) if type(value) is kind]


def map_nodes(value, function):
    return map_aggregate(
        value, lambda item: function(item) if isinstance(item, torch.fx.Node) else item
    )
