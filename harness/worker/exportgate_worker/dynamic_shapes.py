"""The dynamic_shapes that ask for the declared dims, nested as torch.export wants them."""

import inspect

import torch
from torch.utils import _pytree as pytree

from exportgate_worker import relations, shapes_spec
from exportgate_worker.errors import CaseError


def of(case, inputs, style, model, hook=None):
    """The dynamic_shapes for `inputs`, whose leaves are the declared ones; None for `static`.

    Raises NotAvailable for `spec` where this torch has no ShapesSpec.

    `hook(asked, dims, style)` is the case's own word on what is asked: declared leaf name -> axis
    -> Dim, which it returns changed.
    """
    if style == "static":
        return None
    dims, dim_of = _dims(case, style)
    asked = {leaf.name: _asked_of(leaf, dim_of, style) for leaf in case.inputs}
    if hook is not None:
        asked = _changed_by(hook, asked, dims, style)
    per_leaf = [asked[leaf.name] for leaf in case.inputs]
    flat = inputs.leaves()
    if len(flat) != len(per_leaf):  # an object that pytree does not know: nothing is asked of it
        per_leaf = [None] * len(flat)
    if style == "spec":
        return shapes_spec.of(case, dims, per_leaf, inputs, model)
    return _as_arguments(model, inputs, iter(per_leaf))


def _dims(case, style):
    """(name -> Dim, as the hook gets them; the function from a name to what is asked)."""
    if style == "auto":
        return {}, lambda _: torch.export.Dim.AUTO
    if style == "dynamic":
        return {}, lambda _: torch.export.Dim.DYNAMIC
    # One object per name: that is what says that two dims are the same.
    new_dim = shapes_spec.variable if style == "spec" else torch.export.Dim
    dims = {
        name: new_dim(name, min=low, max=high)
        for name, (low, high) in case.dims.items()
        if case.definition_of(name) is None
    }

    def dim_of(extent):
        if extent in dims:
            return dims[extent]
        if style == "spec":
            return relations.value_of(case.definition_of(extent) or extent, dims)
        linear = relations.linear(case.definition_of(extent) or extent)
        # torch's Dim can say "2*length + 1", and not "past + new", which is left to torch.
        if linear is None or linear.dim not in dims:
            return torch.export.Dim.AUTO
        derived = linear.factor * dims[linear.dim] if linear.factor != 1 else dims[linear.dim]
        return derived + linear.offset if linear.offset else derived

    for name in case.dims:
        if name not in dims:
            dims[name] = dim_of(name)
    return dims, dim_of


def _asked_of(leaf, dim_of, style):
    """{axis: Dim}, or None; of a number that is asked to be dynamic a Dim by itself.

    torch takes no named Dim for a number (2.13: "Unable to specify input integers as dynamic
    through named Dims"); releases before 2.8 refuse every number that is asked to be dynamic.
    """
    if leaf.is_dynamic and style == "spec":
        return shapes_spec.number(leaf.name)
    if leaf.is_dynamic:
        return torch.export.Dim.AUTO if style == "auto" else torch.export.Dim.DYNAMIC
    return {i: dim_of(e) for i, e in enumerate(leaf.shape) if isinstance(e, str)} or None


def _changed_by(hook, asked, dims, style):
    names = set(asked)
    changed = hook(asked, dims, style)
    if not isinstance(changed, dict) or set(changed) != names:
        raise CaseError(
            "dynamic_shapes of case.py has to return the mapping that it was given: the name of "
            "every declared leaf -> {axis: Dim} or None"
        )
    return changed


def _as_arguments(model, inputs, leaves):
    """Positional, or by the names of forward's parameters where some are keyword arguments."""
    args = [_nested(value, leaves) for value in inputs.args]
    kwargs = {name: _nested(value, leaves) for name, value in inputs.kwargs.items()}
    bound = inspect.signature(model.forward).bind(*args, **kwargs).arguments
    return dict(bound) if kwargs else tuple(bound.values())


def _nested(value, leaves):
    """`leaves` in containers like those of `value`; a registered class is its flattened children.

    Containers that torch knows by itself have to be of the same type, also the one in which a
    flatten function returns the children (_tree_map_with_path in torch/export/dynamic_shapes.py).
    """
    node_type = pytree._get_node_type(value)
    if node_type not in pytree.SUPPORTED_NODES:
        return next(leaves)
    node = pytree.SUPPORTED_NODES[node_type]
    children, context = node.flatten_fn(value)
    if node_type not in pytree.BUILTIN_TYPES:
        return _nested(children, leaves)
    return node.unflatten_fn([_nested(child, leaves) for child in children], context)
