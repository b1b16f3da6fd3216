"""The objects among inputs and outputs that the names of leaves lead to: a cache, for instance."""

from exportgate_worker import declaration, judge
from exportgate_worker.errors import CaseError, table_of_toml
from exportgate_worker.model_inputs import Inputs


def span(leaves, name):
    """(position of the first leaf, number of leaves) of those that `name` leads to."""
    steps = declaration.words(name)
    found = [i for i, leaf in enumerate(leaves) if leaf.words()[: len(steps)] == steps]
    return found[0], len(found)


def of_inputs(case, inputs, name):
    """The argument, or the part of one, that holds the leaves of `name`: the outermost that is
    neither the tuple nor the dict of all arguments."""
    first, count = span(case.inputs, name)
    for arguments in inputs.tree:
        size = len(judge.tree_leaves(arguments))
        if first < size:
            values = arguments.values() if isinstance(arguments, dict) else arguments
            return _child(list(values), first, count)
        first -= size
    raise CaseError(f"[steps]: no part of the inputs is {name}", about=table_of_toml("steps"))


def of_output(case, tree, name, type_):
    """The part of `tree`, an output, that holds the leaves of `name` and is of this type; else the
    outermost that holds them."""
    first, count = span(case.outputs, name)
    outermost = None
    while True:
        if len(judge.tree_leaves(tree)) == count:
            outermost = tree if outermost is None else outermost
            if type(tree) is type_:
                return tree
        children = _children(tree)
        if children is None:
            break
        tree, first = _around(children, first, count)
        if tree is _NOTHING:
            break
    if outermost is None:
        raise CaseError(
            "[steps]: no part of the output has the leaves that are named",
            about=table_of_toml("steps"),
        )
    return outermost


_NOTHING = object()


def _child(values, first, count):
    """The outermost node among `values` and below that has exactly these leaves."""
    while True:
        node, first = _around(values, first, count)
        if node is _NOTHING:
            raise CaseError(
                "[steps]: no part of the inputs has the leaves that are named",
                about=table_of_toml("steps"),
            )
        if len(judge.tree_leaves(node)) == count:
            return node
        values = _children(node) or []


def _around(values, first, count):
    """(the one of `values` that holds the leaves, the number of the first of them in it)."""
    for value in values:
        size = len(judge.tree_leaves(value))
        if first < size:
            return (value, first) if first + count <= size else (_NOTHING, first)
        first -= size
    return _NOTHING, first


def _children(tree):
    """One level below; None of a leaf."""
    children, structure = judge.tree_flatten(tree, is_leaf=lambda node: node is not tree)
    return None if structure.is_leaf() else children


def replaced(inputs, node, other):
    """`inputs` with `other` in the place of `node`."""
    leaves, structure = judge.tree_flatten(inputs.tree, is_leaf=lambda one: one is node)
    args, kwargs = judge.tree_unflatten(
        [other if one is node else one for one in leaves], structure
    )
    return Inputs(*args, **kwargs)
