"""Inputs with random values, and the dynamic_shapes that ask for the declared dims."""

import zlib

import torch
from torch.utils import _pytree as pytree

from exportgate_worker.errors import CaseError, NotRegistered

# Round 0 is what a cell is exported with; the checks use later rounds, so that a value that was
# baked into the program shows. Values depend on nothing but the record's seed and the names of
# leaf, pair, round.
EXPORT_ROUND = 0


def random_leaves(case, pair, round_, seed=0):
    """Declared name -> tensor of the shape at `pair`; None for a leaf that is declared as None."""
    return {
        leaf.name: None if leaf.is_none else _random_tensor(leaf, pair, round_, seed)
        for leaf in case.inputs
    }


def _random_tensor(leaf, pair, round_, seed):
    generator = torch.Generator()
    generator.manual_seed(zlib.crc32(f"{leaf.name}/{pair.name}/{round_}".encode(), seed))
    shape = leaf.shape_at(pair)
    dtype = getattr(torch, leaf.dtype)
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=generator).to(dtype)
    if dtype.is_floating_point or dtype.is_complex:
        return torch.randn(shape, generator=generator).to(dtype)
    return torch.randint(0, 100, shape, generator=generator).to(dtype)


def check_leaves(case, pair, args, leaves):
    """Raises CaseError unless `args` flatten to exactly the declared leaves, in their order.

    NotRegistered where a leaf is an object of a class that pytree does not know.
    """
    flat = pytree.tree_leaves(args)
    for position, leaf in enumerate(case.inputs):
        declared = None if leaf.is_none else leaf.shape_at(pair)
        declared_as = f"leaf {position} is declared as {leaf.name} {declared}"
        if position >= len(flat):
            raise CaseError(f"{declared_as}, but the inputs flatten to {len(flat)} leaves")
        found = flat[position]
        if leaf.is_none:
            if found is not None:
                raise CaseError(f"{declared_as}, but is a {type(found).__qualname__}")
            continue
        if not isinstance(found, torch.Tensor):
            raise NotRegistered(
                f"{declared_as}, but is a {type(found).__qualname__}: is the class registered?"
            )
        if list(found.shape) != declared:
            raise CaseError(f"{declared_as}, but has shape {list(found.shape)}")
        expected = leaves[leaf.name]
        if found is not expected and not (
            found.dtype == expected.dtype and torch.equal(found, expected)
        ):
            raise CaseError(
                f"{declared_as}, but has other values: is this the order of the flatten function?"
            )
    if len(flat) > len(case.inputs):
        raise CaseError(
            f"the inputs flatten to {len(flat)} leaves, but {len(case.inputs)} are declared"
        )


def dynamic_shapes(case, args, style):
    """The dynamic_shapes for `args`, whose leaves are the declared ones; None for `static`."""
    if style == "static":
        return None
    dim_of = _dim_maker(case, style)
    per_leaf = []
    for leaf in case.inputs:
        asked = {i: dim_of(e) for i, e in enumerate(leaf.shape) if isinstance(e, str)}
        per_leaf.append(asked or None)
    flat, structure = pytree.tree_flatten(args)
    if len(flat) != len(per_leaf):  # an object that pytree does not know: nothing is asked of it
        per_leaf = [None] * len(flat)
    return _as_containers(structure, iter(per_leaf))


def _dim_maker(case, style):
    if style == "auto":
        return lambda _: torch.export.Dim.AUTO
    if style == "dynamic":
        return lambda _: torch.export.Dim.DYNAMIC
    # One object per name: that is what says that two dims are the same.
    dims = {
        name: torch.export.Dim(name, min=low, max=high) for name, (low, high) in case.dims.items()
    }
    return dims.__getitem__


def spec_children(spec):
    """The children of a TreeSpec; the attribute gave way to a method in newer releases."""
    children = getattr(spec, "children", None)
    return list(children()) if callable(children) else list(spec.children_specs)


def _as_containers(spec, leaves):
    """`leaves` nested as export expects them: a registered class is a list of its children."""
    if spec.is_leaf():
        return next(leaves)
    children = [_as_containers(child, leaves) for child in spec_children(spec)]
    if spec.type is tuple:
        return tuple(children)
    if spec.type is dict:
        return dict(zip(spec.context, children))
    return children
